import PeerIdentity
import Testing

@Suite("AppArmor labels as the kernel writes them")
struct LabelTests {
    @Test(
        "Name and mode",
        arguments: [
            ("t-enforce (enforce)\n", "t-enforce", Label.Mode.enforce),
            ("/usr/bin/onionshare (complain)", "/usr/bin/onionshare", .complain),
            ("my profile with spaces (enforce)\n", "my profile with spaces", .enforce),
            ("odd (name) here (kill)\n", "odd (name) here", .kill),
            ("foo//child (enforce)\n", "foo//child", .enforce),
            ("stackme//&other (enforce)\n", "stackme//&other", .enforce),
            ("a//&b (mixed)\0", "a//&b", .mixed),
            ("name (unconfined)\n", "name", .unconfined),
            (":ns:name (prompt)\n", ":ns:name", .prompt),
            ("name (later)\n", "name", .other("later")),
        ])
    func parses(text: String, name: String, mode: Label.Mode) throws {
        let label = try #require(Label(kernelText: Array(text.utf8)))
        #expect(label == Label(name: name, mode: mode))
        #expect(!label.isUnconfined)
        #expect(Array(label.description.utf8) == Array(text.utf8).filter { $0 >= 0x20 })
    }

    @Test("No profile at all", arguments: ["unconfined\n", "unconfined", "unconfined\0"])
    func unconfined(text: String) {
        #expect(Label(kernelText: Array(text.utf8)) == .unconfined)
        #expect(Label.unconfined.isUnconfined)
    }

    @Test("A profile that merely looks unconfined is a profile")
    func lookalikes() {
        #expect(Label(kernelText: Array("unconfined (enforce)".utf8))?.isUnconfined == false)
        #expect(Label(kernelText: Array(":ns:unconfined".utf8))?.isUnconfined == false)
    }

    @Test("What no profile can be named", arguments: ["", "\n", " (enforce)", "a\nb (enforce)", "a\u{7F}"])
    func refuses(text: String) {
        #expect(Label(kernelText: Array(text.utf8)) == nil)
    }

    @Test("Bytes that are not UTF-8 are refused, not replaced")
    func refusesInvalidText() {
        #expect(Label(kernelText: [0x61, 0xFF]) == nil)
    }

    @Test("Names that Unicode holds for equal are different profiles")
    func comparesBytes() {
        #expect(Label(name: "caf\u{E9}", mode: .enforce) != Label(name: "cafe\u{301}", mode: .enforce))
    }
}
