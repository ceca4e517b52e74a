import JSONText
import Profiles

/// `grater-check fmt`: writes profiles in the common layout.
public struct Format: Sendable {
    /// What is done with files that are not in the form.
    public enum Mode: Sendable {
        /// The files are replaced.
        case write
        /// Only what would change is said.
        case check
        /// Only the lines are shown that would change.
        case diff
    }

    /// Files.
    public var paths: [String]
    /// What is done with those that are not in the form.
    public var mode: Mode
    /// Who the report is for.
    public var format: ReportFormat

    public init(paths: [String], mode: Mode = .write, format: ReportFormat = .text) {
        self.paths = paths
        self.mode = mode
        self.format = format
    }

    private struct Change {
        let file: String
        let old: [UInt8]
        let new: String

        var isNeeded: Bool { old != Array(new.utf8) }
    }

    /// What is not in the form is a finding, unless it is written.
    public func run(style: Style) -> Report {
        let changes: [Change]
        do {
            changes = try paths.map { file in
                let bytes = try TextFile.read(file)
                return Change(file: file, old: bytes, new: try Self.canonicalText(of: bytes, file: file))
            }
            if mode == .write {
                for change in changes where change.isNeeded { try TextFile.replace(change.file, with: change.new) }
            }
        } catch {
            return .unusable("\(error)", style: style)
        }
        let needed = changes.filter(\.isNeeded)
        let status = needed.isEmpty || mode == .write ? Report.Status.fine : .findings
        guard format == .text else { return .json(.array(changes.map(json)), of: "fmt", status: status) }
        var report = Report(status: status)
        for change in needed {
            switch mode {
            case .write: report.print("formatted \(change.file)")
            case .check: report.print("\(style.yellow("not formatted:")) \(change.file)")
            case .diff: for line in difference(change, style) { report.print(line) }
            }
        }
        return report
    }

    /// For standard input: the text in the form, whatever the mode.
    public static func text(of bytes: [UInt8], style: Style) -> Report {
        do {
            return Report(text: try canonicalText(of: bytes, file: "standard input"))
        } catch {
            return .unusable("\(error)", style: style)
        }
    }

    /// Throws why there is none: a file that the daemon cannot use is not touched.
    package static func canonicalText(of bytes: [UInt8], file: String) throws -> String {
        _ = try ProfileChoice.parse(bytes, file: file)
        let document = try CommentedDocument(bytes, file: file)
        let text = CanonicalText.of(document)
        let written = try CommentedDocument(Array(text.utf8), file: file)
        // Nothing may be lost, whatever YAML has in store.
        guard document.canonical.filters.map(\.value) == written.filters.map(\.value),
            document.comments.sorted() == written.comments.sorted(), CanonicalText.of(written) == text
        else { throw Unfaithful(file: file) }
        return text
    }

    /// The form would say something else than the file.
    private struct Unfaithful: Error, CustomStringConvertible {
        let file: String

        var description: String {
            "\(file) is left as it is: it cannot be laid out anew with all that is in it. Please report this"
        }
    }

    private func difference(_ change: Change, _ style: Style) -> [String] {
        let old = String(decoding: change.old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let new = change.new.split(separator: "\n", omittingEmptySubsequences: false)
        let lines = LineDifference.between(expected: old.map(String.init), actual: new.map(String.init)).lines
        return [style.bold("--- \(change.file)"), style.bold("+++ \(change.file), formatted")]
            + LineDifference.excerpts(of: lines, style)
    }

    private func json(_ change: Change) -> JSONValue {
        .object([
            "file": .string(change.file), "changed": .boolean(change.isNeeded),
            "text": mode == .write ? .null : .string(change.new),
        ])
    }
}
