import Foundation
import Profiles
import TestSupport
import Testing

@testable import GraterCheck
@testable import GraterRun

@Suite struct AuditTests {
    /// What becomes of each hazard under these commands.
    private func outcomes(_ profile: String) throws -> [String: String] {
        let loaded = ProfileFile.parse(Array(profile.utf8), file: "x.yml")
        let audit = ProfileAudit(of: try #require(loaded.profiles.first, "\(loaded.diagnostics)"))
        return Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.hazard.id, $0.outcome.word) })
    }

    private func commands(_ commands: String) throws -> [String: String] {
        try outcomes("- {name: x, sockets: [x], commands: {\(commands)}}\n")
    }

    /// Rules that were seen in the wild, and what they give away; and the repaired forms, which do not.
    @Test(arguments: [
        (
            "SETCONF: ['DisableNetwork.*']", "SETCONF: [{pattern: 'DisableNetwork=[01]', answer: ['250 OK']}]",
            "network-off"
        ),
        ("DEL_ONION: ['.+']", "DEL_ONION: ['[a-z2-7]{56}']", "loose-delete"),
        ("HSFETCH: ['.+']", "HSFETCH: ['[a-z2-7]{56}']", "fetch-from-chosen"),
        ("GETINFO: ['.*']", "GETINFO: ['version']", "address"),
        ("GETINFO: ['addr.*']", "GETINFO: ['addr', 'addressbook']", "address"),
        ("GETINFO: ['version( .*)?']", "GETINFO: ['version( version)*']", "address"),
        ("ADD_ONION: ['NEW:.*']", "ADD_ONION: ['NEW:ED25519-V3 Port=80,8080']", "foreign-target"),
        ("ADD_ONION: ['NEW:.*']", "ADD_ONION: ['NEW:ED25519-V3 Port=80,8080']", "non-anonymous"),
        ("ADD_ONION: ['NEW:.*']", "ADD_ONION: ['NEW:ED25519-V3 Port=80,8080']", "detached"),
        (
            #"ADD_ONION: [{pattern: '(\S+):(\S+) Port=9999,(\S+)', replacement: '{}:{} Port=9999,{client-address}:{}'}]"#,
            #"ADD_ONION: [{pattern: '(\S+):(\S+) Port=9999,(99\d\d)', replacement: '{}:{} Port=9999,{client-address}:{}'}]"#,
            "any-port"
        ),
        (
            #"ADD_ONION: [{pattern: '(\S+) Port=(\S+),(\S+)', replacement: '{} Port={},{client-address}:{}'}]"#,
            #"ADD_ONION: [{pattern: '(\S+) Port=(\d+),(\d+)', replacement: '{} Port={},{client-address}:{}'}]"#,
            "foreign-target"
        ),
        ("SETCONF: ['Client.*']", "SETCONF: ['ClientUseIPv4=[01]']", "execute"),
        ("SETCONF: ['bridg=.*']", "SETCONF: ['BridgeX=.*']", "route"),
        ("GETCONF: ['.*']", "GETCONF: ['SocksPort']", "read-secrets"),
        ("SIGNAL: ['.*']", "SIGNAL: ['NEWNYM']", "stop"),
        ("LOADCONF: ['']", "LOADCONF: []", "replace-configuration"),
        (
            "ONION_CLIENT_AUTH_ADD: ['.*']", "ONION_CLIENT_AUTH_ADD: ['[a-z2-7]{56} x25519:[A-Za-z0-9+/]{43}=']",
            "keep-client-keys"
        ),
    ])
    func aHoleIsShownAndItsRepairProven(hole: String, repaired: String, hazard: String) throws {
        #expect(try commands(hole)[hazard] == "reachable")
        #expect(try commands(repaired)[hazard] == "unreachable")
    }

    @Test func whatTheFilterAnswersItselfIsHarmless() throws {
        #expect(try commands("AUTHCHALLENGE: ['SAFECOOKIE .*']")["authentication"] == "unreachable")
        #expect(try commands("ADD_ONION: ['.*']")["control-service"] == "unreachable")
    }

    @Test func secretsThatRewritesTakeAwayAreHidden() throws {
        let rule = "{pattern: address, response: [{pattern: '250-address=.*', replacement: '250-address=192.0.2.1'}]}"
        #expect(try commands("GETINFO: [\(rule)]")["address"] == "hidden")
        #expect(try commands("GETINFO: [\(rule), 'address/v.']")["address"] == "reachable")
    }

    @Test func eventsAreHeard() throws {
        let events = "- {name: x, sockets: [x], events: {CIRC: {suppress: true}, STREAM: }}\n"
        let outcomes = try outcomes(events)
        #expect(outcomes["circuits"] == "hidden" || outcomes["circuits"] == "unreachable")
        #expect(outcomes["streams"] == "reachable")
    }

    @Test func complainModeGivesEverythingAway() throws {
        let outcomes = try outcomes("- {name: x, sockets: [x], mode: complain}\n")
        #expect(outcomes["address"] == "reachable")
        #expect(outcomes["execute"] == "reachable")
        #expect(outcomes["control-service"] == "unreachable")
    }

    @Test func optionsUnderConfsAreAudited() throws {
        let confs = "- {name: x, sockets: [x], confs: {ClientTransportPlugin: ['.*'], Nickname: }}\n"
        let outcomes = try outcomes(confs)
        #expect(outcomes["execute"] == "reachable")
        #expect(outcomes["read-configuration"] == "reachable")
        #expect(outcomes["other-options"] == "unreachable")
    }

    @Test func othersServicesAreSafeFromWhoMayDeleteOnlyItsOwn() throws {
        let filter = "name: x, sockets: [x], commands: {DEL_ONION: ['[a-z2-7]{56}']}"
        #expect(try outcomes("- {\(filter)}\n")["delete-services"] == "reachable")
        #expect(try outcomes("- {\(filter), only-own-onions: true}\n")["delete-services"] == "unreachable")
    }

    @Test func ownListenersLeaveNoForeignPortInReach() throws {
        let filter = "name: x, sockets: [x], commands: {ADD_ONION: ['NEW:BEST .*']}"
        for listeners in ["true", "{within: 60}"] {
            let outcomes = try outcomes("- {\(filter), own-listeners: \(listeners)}\n")
            #expect(outcomes["any-port"] == "unreachable")
            #expect(outcomes["detached"] == "unreachable")
            #expect(outcomes["foreign-target"] == "reachable", "another machine's ports are the patterns' business")
            #expect(outcomes["non-anonymous"] == "reachable")
        }
        #expect(try outcomes("- {\(filter)}\n")["any-port"] == "reachable")
        let fixed = "name: x, sockets: [x], commands: {ADD_ONION: ['NEW:BEST Port=80,unix:/\\S*']}"
        #expect(try outcomes("- {\(fixed)}\n")["foreign-target"] == "reachable")
        #expect(try outcomes("- {\(fixed), own-listeners: true}\n")["foreign-target"] == "unreachable")
        let complaining = try outcomes("- {\(filter), own-listeners: true, mode: complain}\n")
        #expect(complaining["any-port"] == "reachable")
    }

    /// A hazard that is accepted with a reason is no finding; one that is accepted for no reason is.
    @Test func acceptedHazardsAreNoFindings() throws {
        let folder = try TemporaryFolder()
        func audit(_ accept: String) throws -> Report {
            let file = try folder.write(
                "- {name: x, sockets: [x], commands: {GETINFO: [address]}\(accept)}\n", to: "x.yml")
            return Audit(paths: [file]).run(style: Style(usesColor: false))
        }
        #expect(try audit("").status == .findings)
        let accepted = try audit(", accept: {address: 'it is a map'}")
        #expect(accepted.status == .fine, "\(accepted.text)")
        #expect(accepted.text.contains("accepted: address (critical): it is a map"))
        let idle = try audit(", accept: {address: 'it is a map', stop: 'why'}")
        #expect(idle.status == .findings && idle.text.contains("'stop' is accepted, and no client can reach it"))
        let unknown = try audit(", accept: {address: 'it is a map', adress: 'why'}")
        #expect(unknown.status == .findings && unknown.text.contains("there is no hazard 'adress' to accept"))
        let file = try folder.write("- {sockets: [x], accept: {adress: why}}\n", to: "lint.yml")
        let lint = Lint(paths: [file]).run(style: Style(usesColor: false))
        #expect(lint.text.contains("[unknown-acceptance]") && lint.text.contains("did you mean 'address'?"))
    }

    /// An example must be one that tor takes.
    @Test func optionsThatTorDoesNotHaveAreNoExample() throws {
        func witnesses(_ rules: String) throws -> [String: String] {
            let text = "- {name: x, sockets: [x], commands: {SETCONF: [\(rules)]}}\n"
            let profile = try #require(ProfileFile.parse(Array(text.utf8), file: "x.yml").profiles.first)
            var found = [String: String]()
            for finding in ProfileAudit(of: profile).reachable {
                if case .reachable(let witness) = finding.outcome {
                    found[finding.hazard.id] = String(decoding: witness.command, as: UTF8.self)
                }
            }
            return found
        }
        let network = try witnesses("'DisableNetwork.*'")
        #expect(network.keys.sorted() == ["network-off"], "\(network)")
        let several = try witnesses("'Disable.*'")
        let example = try #require(several["other-options"])
        let option = example.dropFirst("SETCONF ".count).prefix { $0 != "=" }.lowercased()
        #expect(TorNames.options.contains { $0.lowercased().hasPrefix(option) }, "\(several)")
        #expect(try witnesses("'[a-z]{4}=x'")["other-options"] != nil, "tor takes a shortened name")
        #expect(try witnesses("'Nosuchoption=.*'").isEmpty)
    }

    /// Those that were written down are the installed tor's, where that is of the same version.
    @Test(.needs(.tor)) func namesAreTors() throws {
        let folder = try TemporaryFolder()
        let tor = try OfflineTor(in: folder.path)
        defer { tor.stop() }
        let script = """
            use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un(shift)) or die; select($s); $| = 1;
            print "AUTHENTICATE\\r\\nGETINFO version\\r\\nGETINFO config/names\\r\\nQUIT\\r\\n"; print STDOUT <$s>;
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
        process.arguments = ["-e", script, tor.controlSocket]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let reply = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = reply.split(separator: "\r\n").map(String.init)
        let words = lines.first { $0.hasPrefix("250-version=") }?.dropFirst(12).split(separator: " ")
        let version = try #require(words?.first)
        let names = lines.drop { $0 != "250+config/names=" }.dropFirst().prefix { $0 != "." }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(names.count > 300)
        let missing = Set(names.map { $0.lowercased() }).subtracting(TorNames.options.map { $0.lowercased() })
        if version == TorNames.version {
            #expect(missing.isEmpty, "run Tests/tools/update-tor-names")
        } else {
            print("tor \(version) is installed, and the names are of \(TorNames.version); new: \(missing.sorted())")
        }
    }

    /// Each hazard is documented, with its severity and its title.
    @Test(arguments: HazardCatalogue.all.map(\.id))
    func isDocumented(id: String) throws {
        let file = RepositoryFolder.url.appendingPathComponent("docs/audit.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let hazard = try #require(HazardCatalogue.all.first { $0.id == id })
        #expect(text.contains("### \(id) (\(hazard.severity.rawValue))"))
    }

    @Test func everyHazardCanBeFound() throws {
        let everything = try outcomes("- {name: x, sockets: [x], mode: complain}\n")
        let never = Set(HazardCatalogue.all.filter { $0.ways.allSatisfy(\.isNeverForwarded) }.map(\.id))
        for hazard in HazardCatalogue.all where !never.contains(hazard.id) {
            #expect(everything[hazard.id] == "reachable", "\(hazard.id)")
        }
    }
}

extension HazardFinding.Outcome {
    fileprivate var word: String {
        switch self {
        case .reachable: "reachable"
        case .hidden: "hidden"
        case .unreachable: "unreachable"
        case .undecided: "undecided"
        }
    }
}
