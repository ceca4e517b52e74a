import FilterEngine
import JSONText
import Profiles

/// `grater-check learn`: drafts a profile from what an application does.
public struct Learn: Sendable {
    /// What to learn from.
    public enum Source: Sendable {
        /// A program, which is let do everything meanwhile.
        case application(ApplicationRun)
        /// Transcripts: what the client says in them.
        case transcripts([String])
    }

    /// What to learn from.
    public var source: Source
    /// What the profile is called.
    public var name: String
    /// Who the report is for.
    public var format: ReportFormat

    public init(from source: Source, name: String, format: ReportFormat = .text) {
        self.source = source
        self.name = name
        self.format = format
    }

    /// The draft; what is dangerous in it is told beside it, in comments.
    public func run(style: Style) -> Report {
        let commands: [[UInt8]]
        do {
            switch source {
            case .application(let application):
                let everything = Policy(name: name, mode: .complain)
                commands = try application.run(everything, output: .error, style: style).recording.commands
            case .transcripts(let files): commands = try files.flatMap { try Self.commands(in: TextFile.read($0)) }
            }
        } catch {
            return .unusable("\(error)", style: style)
        }
        let draft = ProfileDraft(commands: commands)
        let yaml = draft.yaml(name: name)
        let text = (try? Format.canonicalText(of: Array(yaml.utf8), file: "draft.yml")) ?? yaml
        guard format == .text else {
            let hazards = JSONValue.array(draft.hazards.map(\.json))
            return .json(.object(["profile": .string(text), "hazards": hazards]), status: .fine)
        }
        var report = Report(text: text)
        for hazard in draft.hazards {
            report.print(
                "# \(hazard.severity.rawValue): \(hazard.id): a client \(hazard.title); instead: \(hazard.advice)")
        }
        return report
    }

    /// What the client says in a transcript, what is to be refused aside.
    private static func commands(in transcript: [UInt8]) -> [[UInt8]] {
        let lines = transcript.split(separator: 10).map { line in line.drop { $0 == UInt8(ascii: " ") || $0 == 9 } }
        return lines.enumerated().compactMap { index, line in
            let answer = index + 1 < lines.count ? lines[index + 1] : []
            guard !answer.starts(with: ">C: 510 Command filtered".utf8) else { return nil }
            let prefixes = ["C: ", "C>T: "].map { Array($0.utf8) }
            guard let prefix = prefixes.first(where: line.starts(with:)) else { return nil }
            guard let chunks = try? TranscriptNotation.parse(line.dropFirst(prefix.count)) else { return nil }
            var bytes = Array(chunks.joined())
            while let last = bytes.last, last == 13 || last == 10 { bytes.removeLast() }
            return bytes
        }
    }
}
