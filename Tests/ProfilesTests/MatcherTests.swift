import ControlProtocol
import Profiles
import Testing

@Suite struct MatcherTests {
    @Test(arguments: [
        ("chat.service", "chat.service", true), ("chat.service", "chat.servic", false),
        ("chat.service", "xchat.service", false),
        ("chat@*.service", "chat@.service", true), ("chat@*.service", "chat@one.service", true),
        ("chat@*.service", "chat@one.serviceX", false), ("*", "", true), ("*", "anything", true), ("?", "", false),
        ("?", "a", true),
        ("?", "ab", false), ("a*b*c", "abc", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false),
        ("**", "ab", true),
        ("a**", "a", true), ("", "", true), ("", "a", false), ("[ab]", "a", false), ("*a", "aaab", false),
        ("*ab", "aaab", true),
    ])
    func globs(glob: String, name: String, matches: Bool) {
        #expect(GlobMatcher(glob).matches(name) == matches)
    }

    @Test func anUnknownUnitMatchesOnlyTheStar() {
        #expect(UnitMatcher("*").matches(nil))
        for text in ["**", "a", "user:*"] { #expect(!UnitMatcher(text).matches(nil)) }
    }

    @Test func unitsOfUsersMustBeAskedFor() {
        let user = UnitName(manager: .user, name: "app-org.example.Chat-17.scope")
        let system = UnitName(manager: .system, name: user.name)
        for text in ["user:app-org.example.Chat-*.scope", "user:*", "*"] { #expect(UnitMatcher(text).matches(user)) }
        for text in ["app-org.example.Chat-*.scope", "**", "?*", "user:", "USER:*", "user:Chat"] {
            #expect(!UnitMatcher(text).matches(user))
        }
        #expect(UnitMatcher("app-*").matches(system))
        #expect(!UnitMatcher("user:app-*").matches(system))
        // A colon is fine in a unit's name, and makes it nobody else's.
        #expect(!UnitMatcher("user:app").matches(UnitName(manager: .system, name: "user:app")))
        #expect(UnitMatcher("user:app-*").description == "user:app-*")
        #expect(user.description == "user:app-org.example.Chat-17.scope")
        #expect(UnitName(user.description) == user)
    }

    @Test func aHostileUnitNameCostsLittle() {
        let glob = GlobMatcher(String(repeating: "*a", count: 100) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 255)))
    }

    @Test func namesAreComparedByteForByte() {
        #expect(NameMatcher("*").matches(nil))
        #expect(NameMatcher("a").matches("a"))
        #expect(!NameMatcher("a").matches("A"))
        #expect(!NameMatcher("a").matches(nil))
        // Composed and decomposed: Swift's strings are equal, the file names are not.
        #expect(!NameMatcher("/opt/caf\u{e9}").matches("/opt/cafe\u{301}"))
    }

    @Test func accounts() {
        #expect(AccountMatcher("*") == .any)
        #expect(AccountMatcher("0") == .id(0))
        #expect(AccountMatcher("4294967294") == .id(.max - 1))
        #expect(AccountMatcher("alice") == .name("alice"))
        for text in ["4294967295", "4294967296", "01", "00"] { #expect(AccountMatcher(text) == nil) }
        #expect(AccountMatcher.id(7).matches(id: 7, name: nil))
        #expect(!AccountMatcher.id(7).matches(id: nil, name: "7"))
        #expect(!AccountMatcher.name("alice").matches(id: 7, name: nil))
        #expect(AccountMatcher.any.matches(id: nil, name: nil))
    }

    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/9", "10.127.0.0", true), ("10.1.2.3/9", "10.128.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false), ("::/0", "10.0.0.1", false),
        ("::/0", "fe80::1", true),
        ("::ffff:10.0.0.1", "10.0.0.1", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true), ("fd00::/8", "fdff::1", true),
        ("fd00::/8", "fe00::1", false), ("*", "10.0.0.1", true), ("*", "::1", true),
        ("10.0.0.1/32", "::ffff:10.0.0.1", true),
    ])
    func hosts(host: String, address: String, matches: Bool) throws {
        #expect(try #require(HostMatcher(host)).matches(try #require(IPAddress(address))) == matches)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
        "10.0.0.0/8/8",
        "::/129", "::ffff:10.0.0.0/95", "[::1]", "10.0.0.1:80", "/8", "10.0.0.*",
    ])
    func noHosts(text: String) {
        #expect(HostMatcher(text) == nil)
    }
}
