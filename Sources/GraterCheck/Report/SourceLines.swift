import Profiles

/// The lines of files that diagnostics point at, each file read once.
package struct SourceLines {
    private var files: [String: [ArraySlice<UInt8>]] = [:]

    /// - Parameter texts: files that are not on disk, by what they are called.
    package init(_ texts: [String: String] = [:]) {
        files = texts.mapValues { Array($0.utf8).split(separator: 10, omittingEmptySubsequences: false) }
    }

    /// Where something stands, and the line that stands there, for a terminal.
    package mutating func quote(_ location: SourceLocation, _ style: Style) -> String {
        guard let line = line(location.line, of: location.file) else { return "\(location)" }
        return "\(location)  " + style.faint(Self.withoutIndent(line))
    }

    /// A line without what sets it in, the dash of a list included, and fit for a terminal.
    package static func withoutIndent(_ line: String) -> String {
        SourceText.printable(line.drop { $0 == " " || $0 == "-" })
    }

    /// Line `number` (from 1) of `file`, without its end; nil if there is none or the file cannot be read.
    package mutating func line(_ number: Int, of file: String) -> String? {
        if files[file] == nil {
            let bytes = (try? TextFile.read(file)) ?? []
            files[file] = bytes.split(separator: 10, omittingEmptySubsequences: false)
        }
        guard let lines = files[file], lines.indices.contains(number - 1) else { return nil }
        return String(decoding: lines[number - 1].filter { $0 != 13 }, as: UTF8.self)
    }
}
