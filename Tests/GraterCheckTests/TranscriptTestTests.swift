import TestSupport
import Testing

@testable import GraterCheck

@Suite struct TranscriptTestTests {
    private let plain = Style(usesColor: false)

    private func folder() throws -> (folder: TemporaryFolder, good: String, bad: String) {
        let folder = try TemporaryFolder()
        _ = try folder.write("- {name: x, sockets: [x], commands: {GETINFO: [version]}}\n", to: "x.yml")
        let good = try folder.write("profile: x.yml\n== asks #1\nC>T: GETINFO version\n", to: "good.transcript")
        let bad = try folder.write("profile: x.yml\n== a\nC: QUIT\n== b\nC>T: GETINFO version\n", to: "bad.transcript")
        return (folder, good, bad)
    }

    @Test func reportsEachFile() throws {
        let (folder, good, bad) = try folder()
        let report = TranscriptTest(files: [bad, good]).run(style: plain)
        #expect(report.status == .findings)
        #expect(
            report.text == """
                \(bad):3: error: what the client sees differs (in 'a')
                    + 250 closing connection
                FAIL  \(bad)  1 of 2 sessions
                pass  \(good)  1 of 1 sessions

                """)
        #expect(TranscriptTest(files: [good]).run(style: plain).status == .fine)
        withExtendedLifetime(folder) {}
    }

    @Test func printsTAP() throws {
        let (folder, good, bad) = try folder()
        let missing = folder.path + "/missing.transcript"
        let report = TranscriptTest(files: [good, bad, missing], format: .tap).run(style: plain)
        #expect(report.status == .findings)
        #expect(
            report.text == """
                TAP version 13
                1..4
                ok 1 - \(good): asks 1
                not ok 2 - \(bad): a
                # \(bad):3: error: what the client sees differs (in 'a')
                #     + 250 closing connection
                ok 3 - \(bad): b
                not ok 4 - \(missing)
                # \(missing): No such file or directory

                """)
    }
}

/// Which rules transcripts reach: `test --threshold`.
@Suite struct RuleCoverageTests {
    @Test func rulesThatNoTranscriptReachesAreListed() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            - name: x
              sockets: [x]
              commands:
                GETINFO: ['version', 'address']
              events:
                BW:
                CIRC: {suppress: true}

            """, to: "x.yml")
        let first = try folder.write(
            "profile: x.yml\n== a\nC>T: GETINFO version\nT>C: 250-version=0\nT>C: 250 OK\n", to: "a.transcript")
        let second = try folder.write(
            "profile: x.yml\n== b\nC: SETEVENTS BW CIRC\n>T: SETEVENTS BW\nT>C: 250 OK\n", to: "b.transcript")
        func run(_ files: [String], _ threshold: Int) -> Report {
            TranscriptTest(files: files, threshold: threshold).run(style: Style(usesColor: false))
        }
        let one = run([first], 26)
        #expect(one.status == .findings)
        #expect(one.remarks.contains("not reached: \(folder.file("x.yml")):4:26  GETINFO"), "\(one.remarks)")
        #expect(one.remarks.contains("1 of 4 rules are reached, 25 %"))
        #expect(run([first], 25).status == .fine)
        let both = run([first, second], 75)
        #expect(both.status == .fine && both.remarks.contains("3 of 4 rules are reached, 75 %"), "\(both.remarks)")
        #expect(run([first, second], 100).status == .findings)
    }
}
