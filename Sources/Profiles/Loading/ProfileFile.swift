/// One profile file: reads it, whatever it may turn out to be, and compiles it.
public enum ProfileFile {
    /// Longer files are refused, in bytes: the largest known profile has 20 kB.
    public static let maximumSize = 1 << 20

    /// Whether a file of this name in a folder of profiles is one; hidden files are not, as for a shell's `*.yml`.
    package static func isName(_ name: String) -> Bool { name.hasSuffix(".yml") && !name.hasPrefix(".") }

    /// The filters of the file at `path`; after any error, none of them. A link to /dev/null has none, and is no error.
    ///
    /// Never blocks and never throws: what is no regular file, or is not to be read, is a diagnostic.
    public static func load(_ path: String, isMerged: Bool = false) -> LoadedProfiles {
        switch RegularFile.read(path, limit: maximumSize) {
        case .bytes(let bytes): parse(bytes, file: path, isMerged: isMerged)
        case .null: LoadedProfiles()
        case .failure(let reason): .failed(Diagnostic(.error, .unreadableFile, at: .whole(path), reason))
        }
    }

    /// The filters in `bytes`; after any error, none of them. `file` is the path that diagnostics speak of and that
    /// filters without a name are named after.
    public static func parse(_ bytes: [UInt8], file: String, isMerged: Bool = false) -> LoadedProfiles {
        guard bytes.count <= maximumSize else {
            return .failed(Diagnostic(.error, .unreadableFile, at: .whole(file), "larger than \(maximumSize) bytes"))
        }
        do {
            let document = try YAMLReader.read(bytes, file: file)
            let (profiles, diagnostics) = ProfileReader.read(
                document, file: file, defaultName: defaultName(file), isMerged: isMerged)
            return LoadedProfiles(profiles: profiles, diagnostics: diagnostics)
        } catch {
            return .failed(error)
        }
    }

    /// The file's name without folder and `.yml`.
    private static func defaultName(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? "profile"
        return printable(String(name.hasSuffix(".yml") ? name.dropLast(4) : name), limit: quotedLimit)
    }
}
