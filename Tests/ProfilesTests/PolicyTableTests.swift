import ControlProtocol
import Profiles
import Testing

@Suite struct PolicyTableTests {
    private func table(_ text: String) -> PolicyTable {
        let loaded = parse(text)
        #expect(!loaded.hasErrors)
        return PolicyTable(loaded.profiles)
    }

    private func name(_ choice: PolicyTable.Choice) -> String? {
        if case .policy(let policy) = choice { policy.name } else { nil }
    }

    private func chosen(_ text: String, _ client: ClientDescription) -> String? {
        name(table(text).choose(for: client))
    }

    private func local(
        _ label: ClientDescription.Label = .unknown, user: String? = "alice", socket: String? = nil,
        unit: String? = nil,
        flatpak: String? = nil
    ) -> ClientDescription {
        ClientDescription(
            origin: .local(socket: socket), label: label, uid: 1000, userName: user, gids: [1000, 27],
            groupNames: ["alice", "sudo"],
            unit: unit.map { UnitName($0) }, flatpak: flatpak)
    }

    private func remote(_ address: String) throws -> ClientDescription {
        ClientDescription(origin: .remote(try #require(IPAddress(address))))
    }

    @Test(arguments: [
        ("apparmor-profiles: ['/usr/bin/chat']\n  users: ['alice']", true),
        ("apparmor-profiles: ['/usr/bin/chat']\n  users: [1000]", true),
        ("apparmor-profiles: ['/usr/bin/chat']\n  users: ['bob', '*']", true),
        ("apparmor-profiles: ['x', '*']\n  users: ['alice']", true),
        ("apparmor-profiles: ['/usr/bin/chat']\n  users: ['bob']", false),
        ("apparmor-profiles: ['/usr/bin/chat']\n  users: []", false),
        ("apparmor-profiles: []\n  users: ['alice']", false),
        ("apparmor-profiles: ['/usr/bin/cha']\n  users: ['alice']", false),
        ("apparmor-profiles: ['/usr/bin/chat']", false),
        ("apparmor-profiles: ['/usr/bin/chat']\n  sockets: ['chat']", false),
        ("users: ['*']", false), ("users: ['*']\n  hosts: ['*']", false), ("groups: ['*']", false),
        ("hosts: ['*']", false),
        ("hosts: ['127.0.0.1']", false),
        ("sockets: ['chat']", true), ("sockets: ['*']", true), ("sockets: ['other']", false),
        ("sockets: ['chat']\n  hosts: ['10.0.0.1']", true),
        ("sockets: ['chat']\n  users: ['alice']\n  groups: ['sudo']", true),
        ("sockets: ['chat']\n  groups: [27]", true), ("sockets: ['chat']\n  groups: ['27', 'x']", true),
        ("sockets: ['chat']\n  groups: ['wheel']", false), ("sockets: ['chat']\n  groups: [28]", false),
        ("units: ['chat@*.service']", true), ("units: ['chat.service']", false),
        ("units: ['chat@*.service']\n  flatpaks: ['org.example.Chat']", true),
        ("units: ['chat@*.service']\n  flatpaks: ['org.example.Other']", false),
        ("flatpaks: ['org.example.Chat']", true),
    ])
    func localClients(qualifiers: String, matches: Bool) {
        let client = local(
            .confined("/usr/bin/chat"), socket: "chat", unit: "chat@1.service", flatpak: "org.example.Chat")
        #expect((chosen("- \(qualifiers)\n", client) != nil) == matches)
    }

    @Test func unconfinedProgramsAreKnownByTheirPath() {
        let file = "- apparmor-profiles: ['/usr/bin/chat']\n  users: ['*']\n"
        #expect(chosen(file, local(.unconfined(executable: "/usr/bin/chat"))) == "test")
        #expect(chosen(file, local(.unconfined(executable: nil))) == nil)
        #expect(chosen(file, local(.unknown)) == nil)
    }

    @Test func childrenAndStacksMatchOnlyAsTheyAreListed() {
        let file = "- apparmor-profiles: ['chat', 'a//&b']\n  users: ['*']\n"
        #expect(chosen(file, local(.confined("chat"))) == "test")
        for label in ["chat//child", "chat//&other", "other//&chat", "a", "b", "b//&a", "chat (enforce)", "CHAT", ""] {
            #expect(chosen(file, local(.confined(label))) == nil)
        }
        #expect(chosen(file, local(.confined("a//&b"))) == "test")
    }

    @Test func theStarMatchesClientsOfWhomNothingIsKnown() {
        let nobody = ClientDescription(origin: .local(socket: nil))
        #expect(chosen("- {apparmor-profiles: ['*'], users: ['*'], groups: ['*'], units: ['*']}\n", nobody) == "test")
        #expect(chosen("- {flatpaks: ['*'], sockets: ['*']}\n", nobody) == "test")
        #expect(chosen("- {sockets: ['a'], users: ['0']}\n", nobody) == nil)
    }

    @Test func remoteClientsAreKnownByTheirAddressAlone() throws {
        #expect(chosen("- hosts: ['10.0.0.0/8']\n", try remote("10.1.2.3")) == "test")
        #expect(
            chosen("- hosts: ['10.0.0.0/8']\n  users: ['bob']\n  sockets: ['x']\n", try remote("10.1.2.3")) == "test")
        #expect(chosen("- hosts: ['10.0.0.0/8']\n", try remote("11.1.2.3")) == nil)
        #expect(chosen("- hosts: []\n", try remote("10.1.2.3")) == nil)
        #expect(chosen("- {apparmor-profiles: ['*'], users: ['*'], sockets: ['*']}\n", try remote("10.1.2.3")) == nil)
    }

    @Test func severalMatchingFiltersAreNone() {
        let table = table("- {name: a, sockets: ['s']}\n- {name: b, sockets: ['x']}\n- {name: c, units: ['*']}\n")
        guard case .ambiguous(let names) = table.choose(for: local(socket: "s")) else {
            Issue.record("not ambiguous")
            return
        }
        #expect(names.map(\.name) == ["a", "c"])
        #expect(name(table.choose(for: local(socket: "y"))) == "c")
    }

    @Test func mergedFiltersAreUnited() throws {
        let text = "- {name: a, hosts: ['*'], commands: {GETINFO: ['version']}}\n- {name: b, hosts: ['10.0.0.1']}\n"
        let merged = ProfileFile.parse(Array(text.utf8), file: "m.yml", isMerged: true).profiles
        let own = parse("- {name: own, hosts: ['10.0.0.2']}\n").profiles
        let table = PolicyTable(merged + own)
        #expect(name(table.choose(for: try remote("10.0.0.1"))) == "a+b")
        #expect(name(table.choose(for: try remote("10.0.0.1"))) == "a+b")
        #expect(name(table.choose(for: try remote("10.0.0.3"))) == "a")
        guard case .ambiguous(let names) = table.choose(for: try remote("10.0.0.2")) else {
            Issue.record("not ambiguous")
            return
        }
        #expect(names.map(\.name) == ["a", "own"])
    }

    /// The nearest is what a person would look at: by what matches already, then by what looks alike.
    @Test func theNearestIsTheLikeliest() throws {
        let table = table(
            """
            - {name: socket, sockets: ['onion-service']}
            - {name: chat, apparmor-profiles: ['/usr/bin/chat'], users: ['alice']}
            - {name: onionshare, apparmor-profiles: ['/usr/bin/onionshare'], users: ['*']}
            - {name: far, hosts: ['192.168.1.0/24']}
            - {name: near, hosts: ['10.200.1.0/30']}

            """)
        func nearest(_ client: ClientDescription) -> [String] {
            guard case .none(let misses) = table.choose(for: client) else { return [] }
            return misses.map(\.name)
        }
        var client = ClientDescription(
            origin: .local(socket: "control"), label: .unconfined(executable: "/usr/bin/onionshare-cli"), uid: 1000,
            userName: "bob")
        #expect(nearest(client).first == "onionshare")
        client.label = .unconfined(executable: "/usr/bin/chat")
        #expect(nearest(client).first == "chat", "the program matches, and the user does not")
        #expect(nearest(try remote("10.200.1.9")) == ["near", "far", "socket"])
    }

    @Test func whoHasNoFilterIsToldWhatIsMissing() throws {
        let table = table(
            """
            - {name: far, apparmor-profiles: ['/usr/bin/far'], users: ['bob']}
            - {name: near, apparmor-profiles: ['/usr/bin/chat'], users: ['bob', 7]}
            - {name: remote, hosts: ['10.0.0.1']}
            - {name: useless, apparmor-profiles: ['/usr/bin/chat']}
            """)
        guard case .none(let misses) = table.choose(for: local(.confined("/usr/bin/chat"))) else {
            Issue.record("a filter matches")
            return
        }
        #expect(misses.map(\.name) == ["near", "far", "useless"])
        #expect(misses[0].mismatches == [.differs(.users, wanted: ["bob", "7"], found: ["alice", "1000"])])
        #expect(
            misses[0].mismatches[0].description == "'users' lists 'bob' or '7', and the client's is 'alice' or '1000'")
        #expect(misses[2].mismatches == [.lacksUsers])
        guard case .none(let remoteMisses) = table.choose(for: try remote("10.0.0.2")) else {
            Issue.record("a filter matches")
            return
        }
        #expect(remoteMisses.map(\.name) == ["remote", "far", "near"])
        #expect(remoteMisses[0].mismatches == [.differs(.hosts, wanted: ["10.0.0.1"], found: ["10.0.0.2"])])
        #expect(remoteMisses[1].mismatches == [.isForLocalClients])
    }

    /// The index may find too much, never too little: for all combinations the choice is that of looking at every filter.
    @Test func theIndexChangesNothing() {
        let lists: [(String, [String?])] = [
            ("apparmor-profiles", [nil, "['a']", "['b', 'a']", "['*']", "[]"]), ("users", [nil, "['alice']", "['*']"]),
            ("flatpaks", [nil, "['f']", "['*']"]), ("sockets", [nil, "['s', 't']", "['*', 's']"]),
            ("units", [nil, "['u*']"]),
            ("hosts", [nil, "['*']"]),
        ]
        var filters: [String] = [""]
        for (key, values) in lists {
            filters = filters.flatMap { filter in values.map { filter + ($0.map { "\(key): \($0), " } ?? "") } }
        }
        let profiles = filters.flatMap { parse("- {\($0) mode: enforce}\n").profiles }
        #expect(profiles.count == 5 * 3 * 3 * 3 * 2 * 2)
        for label in [ClientDescription.Label.unknown, .confined("a"), .unconfined(executable: "b"), .confined("c")] {
            for (socket, flatpak, unit) in [("s", nil, "u1"), (nil, "f", nil), ("x", "g", "v")]
                as [(String?, String?, String?)]
            {
                let client = local(label, socket: socket, unit: unit, flatpak: flatpak)
                for profile in profiles {
                    let isChosen = name(PolicyTable([profile]).choose(for: client)) != nil
                    #expect(isChosen == profile.qualifiers.mismatches(client).isEmpty)
                    #expect(isChosen == profile.qualifiers.match(client))
                }
            }
        }
    }
}
