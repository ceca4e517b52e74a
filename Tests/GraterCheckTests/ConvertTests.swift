import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// `convert`: what comes out means what went in meant, as far as can be; the rest is told.
@Suite struct ConvertTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func convert(_ text: String, _ name: String) throws -> Conversion {
        try Conversion(Array(text.utf8), file: name)
    }

    @Test func carriesAFilterOfRoflcoptorOver() throws {
        let conversion = try convert(
            #"""
            # Comments are lines of their own.
            {
            	"name": "chat", "AuthNetAddr": "unix", "AuthAddr": "/run/r/chat.socket",
                "client-allowed": [
                    "getinfo version", "GETINFO net/listeners/socks", "GETCONF Bridge", "GETCONF SocksPort",
                    "SETEVENTS HS_DESC BW", "QUIT", "SIGNAL NEWNYM"
                ],
                "client-allowed-prefixes": ["ADD_ONION NEW:", "GETINFO ip-to-country/", "AUTHENTICATE"],
                "client-regexes": ["^DEL_ONION [a-z2-7]{56}$", "^GETINFO ns/id/\\$[0-9A-F]+"],
                "client-replacements": {"SIGNAL {RELOAD}": "SIGNAL {NEWNYM}", "SETEVENTS CIRC HS_DESC": "SETEVENTS HS_DESC"},
                "server-allowed": ["250 OK", "250-net/listeners/socks=\"127.0.0.1:9050\"", "250 Bridge"],
                "server-allowed-prefixes": ["250-version=", "250-ip-to-country/", "650 HS_DESC UPLOADED "],
                "server-replacement-prefixes": {"250 SocksPort=": "250-SocksPort=9050"}
            }
            """#, "chat.json")
        #expect(
            conversion.text == #"""
                # Converted from chat.json, a filter of roflcoptor.
                - name: chat
                  sockets: ['chat']
                  commands:
                    SIGNAL:
                      - pattern: '\{RELOAD\}'
                        replacement: '{{NEWNYM}}'
                      - 'NEWNYM'
                    ADD_ONION:
                      - pattern: 'NEW:.*'
                        response:
                          - pattern: '250-PrivateKey=.*'
                            replacement: ''
                    GETINFO:
                      - 'ip-to-country/\S*'
                      - 'ns/id/\$[0-9A-F]+\S*'
                      - 'version'
                      - pattern: 'net/listeners/socks'
                        response:
                          - pattern: '250-net/listeners/socks="127\.0\.0\.1:9050"'
                            replacement: '250-net/listeners/socks="127.0.0.1:9050"'
                          - pattern: '(?i:250-net/listeners/socks)=.*'
                            replacement: '250-net/listeners/socks='
                    DEL_ONION:
                      - '[a-z2-7]{56}'
                    GETCONF:
                      - pattern: 'Bridge'
                        response:
                          - pattern: '(?i:250-Bridge)=.*'
                            replacement: '250-Bridge'
                      - pattern: 'SocksPort'
                        response:
                          - pattern: '250-SocksPort=.*'
                            replacement: '250-SocksPort=9050'
                          - pattern: '(?i:250-SocksPort)=.*'
                            replacement: '250-SocksPort='
                  events:
                    HS_DESC:
                      response:
                        - pattern: '(650 HS_DESC UPLOADED .*)'
                          replacement: '{}'
                        - pattern: '.*'
                          replacement: ''
                    CIRC: {suppress: true}
                    BW: {suppress: true}

                """#)
        #expect(conversion.remarks.allSatisfy { $0.severity == .note })
        #expect(!ProfileFile.parse(Array(conversion.text.utf8), file: "chat.yml").hasErrors)
    }

    @Test func saysWhatItCannotCarryOver() throws {
        let conversion = try convert(
            #"""
            {
                "exec-path": "/usr/bin/chat", "user-id": 1000, "AuthNetAddr": "tcp", "AuthAddr": "127.0.0.1:1234",
                "client-allowed": ["HELLO world", "GETINFO address", "SETEVENTS NONSENSE"],
                "client-allowed-prefixes": ["SETEVENTS", "GET"],
                "client-regexes": ["GETINFO.*", "^SIGNAL (?=N)", "^SIGNAL A|^SIGNAL B"],
                "client-replacements": {"GETINFO x": "GETCONF y"}, "client-scrub-regexes": {"a": "b"},
                "server-regexes": ["^650 .*"], "oz-app": "chat", "request-oz-onion-forwarder": false
            }
            """#, "chat.json")
        let lost = conversion.remarks.filter { $0.severity == .warning }.map { $0.location.line }.sorted()
        #expect(lost == [2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7])
        #expect(conversion.remarks.count == lost.count)
        #expect(
            conversion.text == """
                # Converted from chat.json, a filter of roflcoptor.
                - name: chat
                  apparmor-profiles: ['/usr/bin/chat']
                  users: ['1000']

                """)
    }

    @Test func carriesScrubExpressionsOver() throws {
        let conversion = try convert(
            #"""
            {
                "name": "chat", "AuthNetAddr": "unix", "AuthAddr": "/run/r/chat.socket",
                "client-allowed": ["SETEVENTS CIRC STREAM"],
                "client-scrub-regexes": {
                    "^DEL_ONION (?P<id>[a-z2-7]{56}) .*$": "DEL_ONION ${id}$$",
                    "^SIGNAL (RELOAD|HUP)": "SIGNAL NEWNYM {$1x}",
                    "^GETINFO ip-to-country/([0-9.]+)$": "GETINFO ip-to-country/*, $0$2"
                },
                "server-scrub-regexes": {
                    "^650 CIRC ([0-9]+) (BUILT|CLOSED) .*$": "650 CIRC $1 $2",
                    "^650 STREAM ": "650 STREAM scrubbed "
                }
            }
            """#, "chat.json")
        #expect(
            conversion.text == #"""
                # Converted from chat.json, a filter of roflcoptor.
                - name: chat
                  sockets: ['chat']
                  commands:
                    DEL_ONION:
                      - pattern: '(?P<id>[a-z2-7]{56}) .*'
                        replacement: '{0}$'
                    SIGNAL:
                      - pattern: '(RELOAD|HUP)(.*)'
                        replacement: 'NEWNYM {{}}{1}'
                    GETINFO:
                      - pattern: '(ip-to-country/([0-9.]+))'
                        replacement: 'ip-to-country/*, GETINFO {0}'
                  events:
                    CIRC:
                      response:
                        - pattern: '650 CIRC ([0-9]+) (BUILT|CLOSED) .*'
                          replacement: '650 CIRC {0} {1}'
                        - pattern: '.*'
                          replacement: ''
                    STREAM:
                      response:
                        - pattern: '650 STREAM (.*)'
                          replacement: '650 STREAM scrubbed {0}'
                        - pattern: '.*'
                          replacement: ''

                """#)
        #expect(conversion.remarks.allSatisfy { $0.severity == .note })
        #expect(!ProfileFile.parse(Array(conversion.text.utf8), file: "chat.yml").hasErrors)
    }

    /// What would be scrubbed more or less than roflcoptor did.
    @Test(arguments: [
        (#"secret \\d+"#, "hidden"), ("^GETINFO a|^GETINFO b", "GETINFO c"), ("^GETINFO +a", "GETINFO b"),
        ("^GETINFO [[:alpha:]]", "GETINFO a"), ("^GETINFO a{,2}", "GETINFO a"), (#"^GETINFO \\pL"#, "GETINFO a"),
        ("^GETINFO (a)", "GETCONF $1"), ("^SETEVENTS CIRC", "SETEVENTS"), ("^GETINFO", "GETINFO a"),
    ])
    func losesAScrubExpression(expression: String, replacement: String) throws {
        for side in ["client", "server"] {
            let conversion = try convert(
                #"{"AuthNetAddr": "unix", "AuthAddr": "/x", "\#(side)-scrub-regexes": {"\#(expression)": "\#(replacement)"}}"#,
                "chat.json")
            #expect(conversion.remarks.map(\.severity).contains(.warning))
            #expect(!conversion.text.contains("commands") && !conversion.text.contains("events"))
        }
    }

    @Test func replacesOldKeys() throws {
        let conversion = try convert(
            #"""
            # The head.
            - exe-paths: ['/usr/bin/chat']  # the program
              commands:
                AUTHCHALLENGE: ['SAFECOOKIE .*']
                SETEVENTS: ['CIRC HS_DESC']
                # Only the version.
                GETINFO: ['version']
              events: {CIRC: }
              restrict-stream-events: true
            - exe-paths: ['*']
              hosts: ['10.0.0.1']
            - {exe-paths: ['*'], users: ['*']}
            """#, "chat.yml")
        #expect(
            conversion.text == """
                # The head.
                - apparmor-profiles: ['/usr/bin/chat']  # the program
                  users: ['*']
                  commands:
                    # Only the version.
                    GETINFO:
                      - 'version'
                  events:
                    CIRC:
                  tor-browser-mode: true
                - hosts: ['10.0.0.1']
                - users: ['*']

                """)
        let remarks = conversion.remarks.map { "\($0.location.line) \($0.severity)" }
        #expect(remarks == ["2 note", "4 note", "5 warning", "10 note", "12 warning"])
        #expect(conversion.remarks[2].message.contains("there is no HS_DESC"))
    }

    @Test func reviewsTheOutcome() throws {
        let file = try folder.write(
            #"{"name": "x", "AuthNetAddr": "unix", "AuthAddr": "/x", "client-allowed-prefixes": ["ADD_ONION"]}"#,
            to: "x.json")
        let report = Convert(path: file).run(style: Style(usesColor: false))
        #expect(report.status == .findings)
        #expect(report.text.contains("ADD_ONION:"))
        #expect(report.remarks.contains("critical: non-anonymous"))
        let json = Convert(path: file, format: .json).run(style: Style(usesColor: false))
        #expect(json.text.contains(#""severity": "critical""#) && json.remarks.isEmpty)
    }

    @Test(arguments: ["{", "{\"client-allowed\": 3}", "[]x", "- {unknown: 1}", "{\"other\": 1}"])
    func saysWhyAFileIsNeither(text: String) throws {
        let report = Convert(path: try folder.write(text, to: "x.json")).run(style: Style(usesColor: false))
        #expect(report.status == .usage)
        #expect(report.text.contains("x.json"))
    }

    /// What a profile lets through is not changed by bringing it up to date, and no old key is left.
    @Test(arguments: FormatTests.files) func keepsTheMeaningOfOldProfiles(file: String) throws {
        let conversion = try Conversion(TextFile.read(file), file: file)
        let before = ProfileFile.load(file)
        let after = ProfileFile.parse(Array(conversion.text.utf8), file: file)
        #expect(!after.hasErrors && before.profiles.count == after.profiles.count)
        for (one, other) in zip(before.profiles, after.profiles) {
            let changes = PolicyComparison(old: one.policy, new: other.policy).changes()
            #expect(changes.isEmpty, "\(changes)")
        }
        let again = try Conversion(Array(conversion.text.utf8), file: file)
        #expect(again.remarks.isEmpty && again.text == conversion.text)
    }

    /// Whatever a filter holds, it becomes a profile that can be used, or is refused.
    @Test(arguments: 0..<20) func anyFilterBecomesAProfile(seed: Int) throws {
        var random = SeededRandom(seed: seed + 9)
        let lines = [
            "GETINFO version", "GETINFO ", "GETINFO a b", "getconf X", "GETCONF", "SETEVENTS", "SETEVENTS HS_DESC x",
            "",
            " ", "ADD_ONION", "ADD_ONION NEW:{} Port=80", "^GETINFO (a|b)$", "^GETINFO ", "^SIGNAL", "^(GETINFO) x",
            "(",
            "250 X", "250-a b=", "650 HS_DESC {}", "250+version=", "SIGNAL \\\\d+", "SETCONF X=\\\"y\\\"", "QUIT",
        ]
        func list() -> String {
            lines.shuffled(using: &random).prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        }
        func replacements() -> String {
            zip(lines.shuffled(using: &random), lines.shuffled(using: &random)).prefix(6)
                .map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
        }
        let text = """
            {"name": "x", "AuthNetAddr": "unix", "AuthAddr": "/x", "client-allowed": [\(list())],
             "client-allowed-prefixes": [\(list())], "client-regex": [\(list())], "client-replacements": {\(replacements())},
             "client-replacement-prefixes": {\(replacements())}, "server-allowed": [\(list())],
             "server-allowed-prefixes": [\(list())], "server-replacement-prefixes": {\(replacements())}}
            """
        let conversion = try convert(text, "x.json")
        let loaded = ProfileFile.parse(Array(conversion.text.utf8), file: "x.yml")
        #expect(!loaded.hasErrors && loaded.profiles.count == 1, "\(loaded.diagnostics) \(conversion.text)")
        #expect(try Format.canonicalText(of: Array(conversion.text.utf8), file: "x.yml") == conversion.text)
    }
}
