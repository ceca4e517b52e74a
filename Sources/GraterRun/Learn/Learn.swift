import FilterEngine
import GraterCheck
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
    /// Where the draft is written; nil for standard output.
    public var output: String?
    /// Who the report is for.
    public var format: ReportFormat

    public init(from source: Source, name: String, output: String? = nil, format: ReportFormat = .text) {
        self.source = source
        self.name = name
        self.output = output
        self.format = format
    }

    /// The draft; what is dangerous in it is told beside it, in comments. Where there is nothing to draft from, nothing is
    /// written, and the status says so.
    public func run(style: Style) -> Report {
        let commands: [[UInt8]]
        var problems = [RunProblem]()
        do {
            switch source {
            case .application(let application):
                let outcome = try application.run(Policy(name: name, mode: .complain), output: .error, style: style)
                commands = outcome.recording.commands
                problems = RunProblem.all(of: outcome)
            case .transcripts(let files):
                commands = try files.flatMap { try Self.commands(in: TextFile.read($0)) }
                guard !commands.isEmpty else { throw NothingSaid(files: files) }
            }
        } catch {
            return .unusable("\(error)", style: style)
        }
        var report = Report(status: RunProblem.status(of: problems, hasFindings: false))
        for problem in problems { report.remark("grater-check: \(style.red("error:")) \(problem.text)") }
        let draft = ProfileDraft(commands: commands)
        guard !draft.isEmpty else {
            report.remark(
                "grater-check: \(style.red("error:")) nothing was said that a profile must allow: there is no draft")
            if report.status == .fine { report.status = .usage }
            return report
        }
        let yaml = draft.yaml(name: name)
        let text = (try? Format.canonicalText(of: Array(yaml.utf8), file: "draft.yml")) ?? yaml
        let hazards = draft.hazards
        if format == .json {
            let outcome = JSONValue.object(["profile": .string(text), "hazards": .array(hazards.map(\.json))])
            report.text = Report.json(outcome, of: "learn", status: report.status).text
        } else {
            report.text = text
            for hazard in hazards {
                report.print(
                    "# \(hazard.severity.rawValue): \(hazard.id): a client \(hazard.title); instead: \(hazard.advice)")
            }
        }
        guard let output else { return report }
        do {
            try TextFile.write(report.text, to: output, over: format == .json ? "{" : ProfileDraft.heading)
        } catch {
            return .unusable("\(error)", style: style)
        }
        report.text = ""
        return report
    }

    private struct NothingSaid: Error, CustomStringConvertible {
        let files: [String]

        var description: String { "\(files.joined(separator: ", ")): no client says anything (lines 'C: ' or 'C>T: ')" }
    }

    /// What the client says in a transcript, except what should be refused.
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
