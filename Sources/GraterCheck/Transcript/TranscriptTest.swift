import Dispatch
import JSONText
import Synchronization

/// `grater-check test`: runs transcripts, several files at a time.
public struct TranscriptTest: Sendable {
    /// Who the report is for.
    public enum Format: String, Sendable, CaseIterable {
        /// For people.
        case text
        /// For programs.
        case json
        /// Test Anything Protocol, version 13: a test for each session.
        case tap
        /// For continuous integration that shows JUnit's reports.
        case junit
    }

    /// Paths of transcripts.
    public var files: [String]
    /// Who the report is for.
    public var format: Format
    /// How many of a hundred rules the transcripts must reach; nil: it is not looked at.
    public var threshold: Int?

    public init(files: [String], format: Format = .text, threshold: Int? = nil) {
        self.files = files
        self.format = format
        self.threshold = threshold
    }

    /// What came of one file.
    private struct Outcome: Sendable {
        let file: String
        /// Title or line of each session, and how it failed; none if the file is no transcript.
        var sessions: [(name: String, failure: TranscriptFailure?)] = []
        /// Why it could not be run.
        var error: String?
        var coverage = RuleCoverage()

        var failures: [TranscriptFailure] { sessions.compactMap(\.failure) }
    }

    /// A session that fails is a finding, and so is a file that is no transcript.
    public func run(style: Style) -> Report {
        let outcomes = outcomes()
        var report =
            switch format {
            case .text: Self.text(outcomes, style)
            case .tap: Report(text: TestResult.tap(Self.results(outcomes)))
            case .junit: Report(text: TestResult.junit(Self.results(outcomes), suite: "grater-check test"))
            case .json: Report.json(.array(outcomes.map(Self.json)), of: "test", status: .fine)
            }
        if outcomes.contains(where: { $0.error != nil || !$0.failures.isEmpty }) { report.status = .findings }
        if let threshold { judge(outcomes, threshold, &report, style) }
        return report
    }

    /// Says which rules no transcript reaches. Of all that the transcripts' profiles have, so many must be reached.
    private func judge(_ outcomes: [Outcome], _ threshold: Int, _ report: inout Report, _ style: Style) {
        var coverage = RuleCoverage()
        for outcome in outcomes { coverage.merge(outcome.coverage) }
        var sources = SourceLines()
        for rule in coverage.missed {
            let line = sources.line(rule.location.line, of: rule.location.file) ?? ""
            report.remark(
                "\(style.yellow("not reached:")) \(rule.location)  \(rule.what)  \(style.faint(SourceLines.withoutIndent(line)))"
            )
        }
        report.remark(
            "\(coverage.listed.count - coverage.missed.count) of \(coverage.listed.count) rules are reached, \(coverage.percentage) %"
        )
        if coverage.percentage < threshold { report.status = .findings }
    }

    private func outcomes() -> [Outcome] {
        let outcomes = Mutex([Outcome?](repeating: nil, count: files.count))
        let progress = Mutex((line: Progress("transcripts", of: files.count), done: 0))
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let outcome = Self.outcome(of: files[index])
            outcomes.withLock { $0[index] = outcome }
            progress.withLock {
                $0.done += 1
                $0.line.advance(to: $0.done)
            }
        }
        progress.withLock { $0.line.end() }
        return outcomes.withLock { $0.compactMap(\.self) }
    }

    private static func outcome(of file: String) -> Outcome {
        var outcome = Outcome(file: file)
        do {
            let transcript = try Transcript(parsing: try TextFile.read(file), file: file)
            let failures = transcript.run(&outcome.coverage)
            outcome.sessions = transcript.sessions.map { session in
                (session.title ?? "line \(session.line)", failures.first { $0.sessionLine == session.line })
            }
        } catch {
            outcome.error = "\(error)"
        }
        return outcome
    }

    private static func text(_ outcomes: [Outcome], _ style: Style) -> Report {
        var report = Report()
        for outcome in outcomes {
            if let error = outcome.error {
                report.print(style.red("FAIL") + "  \(error)")
                continue
            }
            for failure in outcome.failures { report.print(failure.text(style)) }
            let verdict = outcome.failures.isEmpty ? style.green("pass") : style.red("FAIL")
            let passed = outcome.sessions.count - outcome.failures.count
            report.print("\(verdict)  \(outcome.file)  \(passed) of \(outcome.sessions.count) sessions")
        }
        return report
    }

    /// A test for each session, and one for a file that is no transcript.
    private static func results(_ outcomes: [Outcome]) -> [TestResult] {
        outcomes.flatMap { outcome in
            if let error = outcome.error { return [TestResult(file: outcome.file, name: "", problem: error)] }
            return outcome.sessions.map { name, failure in
                TestResult(file: outcome.file, name: name, problem: failure?.description)
            }
        }
    }

    private static func json(_ outcome: Outcome) -> JSONValue {
        let sessions = outcome.sessions.map { session in
            JSONValue.object([
                "name": .string(session.name), "passed": .boolean(session.failure == nil),
                "failure": session.failure?.json ?? .null,
            ])
        }
        return .object([
            "file": .string(outcome.file), "error": .optional(outcome.error), "sessions": .array(sessions),
        ])
    }
}

extension TranscriptFailure {
    fileprivate var json: JSONValue {
        .object([
            "line": .integer(line), "message": .string(message), "feeding": .string(feeding.rawValue),
            "difference": .array(difference.map { .string("\($0)") }),
        ])
    }
}
