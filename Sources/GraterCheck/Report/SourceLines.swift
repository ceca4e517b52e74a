/// The lines of files that diagnostics point at, each file read once.
struct SourceLines {
    private var files: [String: [ArraySlice<UInt8>]] = [:]

    /// - Parameter texts: files that are not on disk, by what they are called.
    init(_ texts: [String: String] = [:]) {
        files = texts.mapValues { Array($0.utf8).split(separator: 10, omittingEmptySubsequences: false) }
    }

    /// Line `number` (from 1) of `file`, without its end; nil if there is none or the file cannot be read.
    mutating func line(_ number: Int, of file: String) -> String? {
        if files[file] == nil {
            let bytes = (try? TextFile.read(file)) ?? []
            files[file] = bytes.split(separator: 10, omittingEmptySubsequences: false)
        }
        guard let lines = files[file], lines.indices.contains(number - 1) else { return nil }
        return String(decoding: lines[number - 1].filter { $0 != 13 }, as: UTF8.self)
    }
}
