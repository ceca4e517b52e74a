import Profiles

/// A profile in another program's form, turned into one of onion-grater.
struct Conversion {
    let document: CommentedDocument
    /// What became of the parts that have no equal: a warning where something is lost, a note where it is only said
    /// otherwise.
    let remarks: [Diagnostic]

    var text: String { CanonicalText.of(document) }

    /// Reads a filter of roflcoptor or a profile of the Python onion-grater. Throws why it is neither.
    init(_ bytes: [UInt8], file: String) throws {
        let root: YAMLNode?
        do {
            // JSON is YAML, and the comments that roflcoptor allows in it are too.
            root = try YAMLReader.read(bytes, file: file)
        } catch {
            throw ProfileChoice.Failure.broken(file: file, [error])
        }
        if let root, case .mapping(let entries) = root.content, entries.contains(where: RoflcoptorFilter.isKey) {
            self = try RoflcoptorConversion.convert(RoflcoptorFilter(entries, file: file))
            return
        }
        _ = try ProfileChoice.parse(bytes, file: file)
        self = OldKeys.convert(try CommentedDocument(bytes, file: file))
    }

    init(document: CommentedDocument, remarks: [Diagnostic]) {
        self.document = document
        self.remarks = remarks
    }
}
