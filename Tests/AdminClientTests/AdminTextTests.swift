import JSONText
import Testing

@testable import AdminClient

/// What people are shown of the daemon's answers.
@Suite struct AdminTextTests {
    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h 0 min"), (90_000, "1 d 1 h"),
    ])
    func tellsDurations(_ seconds: Int, _ text: String) {
        #expect(Figures.duration(seconds) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_440, "3.4 kB"), (9_960, "10 kB"), (999_600, "1.0 MB"),
        (120_000_000, "120 MB"), (.max, "9223372 TB"),
    ])
    func tellsAmounts(_ count: Int, _ text: String) {
        #expect(Figures.bytes(count) == text)
    }

    @Test func showsNothingThatATerminalWouldObey() {
        let line = StatusText.status(.object(["problems": .array([.string("a\u{1B}[31mé\n\u{202E}\u{9B}")])]))
        #expect(line.hasSuffix("a\\u{1b}[31mé\\u{a}\\u{202e}\\u{9b}\n"))
    }

    /// Days later, an hour alone would mislead.
    @Test func tellsTheDateOfAnotherDay() {
        let now = 1_800_000_000
        #expect(Clock.text(now - 1, now: now).count == 8)
        let text = Clock.text(now - 3 * 86_400, now: now)
        #expect(text.count == 19 && text.hasPrefix("2027-01-1"), "\(text)")
    }

    static let decision = JSONValue.object([
        "decision": .object([
            "time": .integer(0), "session": .integer(7), "profile": .string("app"), "verdict": .string("denied"),
            "command": .string("GETINFO address\u{1B}"), "reason": .string("no rule"),
        ])
    ])

    @Test func showsADecisionInOneLine() {
        let line = DecisionText(usesColor: false).line(Self.decision)
        #expect(line.hasSuffix(" denied    app #7  GETINFO address\\u{1b}  (no rule)\n"))
        #expect(DecisionText(usesColor: true).line(Self.decision).contains("\u{1B}[1;31mdenied"))
        let dropped = DecisionText(usesColor: false).line(.object(["dropped": .integer(3)]))
        #expect(dropped.contains("3 decisions not shown"))
        #expect(DecisionText(usesColor: false).line(.object(["later": .null])) == "")
    }

    @Test func showsWhatIsThereOfAStatus() {
        #expect(StatusText.status(.null).contains("No profiles are loaded."))
        #expect(StatusText.sessions([]) == "There are no sessions.\n")
        let session = JSONValue.object([
            "session": .integer(3), "profile": .string("app"), "label": .string("/usr/bin/app\u{1B} (enforce)"),
            "age": .integer(61), "traffic": .object(["denied": .integer(2), "tolerated": .integer(1)]),
        ])
        let lines = StatusText.sessions([session]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.last?.split(separator: " ").prefix(2) == ["3", "app"])
        #expect(lines.last?.contains("/usr/bin/app\\u{1b} (enforce)") == true)
        #expect(lines.last?.contains("2 (+1 let through)") == true)
    }
}
