import LinearPattern
import Testing

@Suite("The whole input is matched, and groups are Python's")
struct MatchingTests {
    @Test(arguments: [
        (#"a|b"#, "a", true), (#"a|b"#, "ab", false),
        (#"GETINFO (?:version|traffic/\w+)"#, "GETINFO traffic/read", true),
        (#"176[0-5]\d"#, "17659", true), (#"176[0-5]\d"#, "17660", false), (#"127.0.0.1"#, "127x0y0z1", true),
        (#"(?i)disablenetwork"#, "DisableNetwork", true), (#"(?i:a)b"#, "Ab", true), (#"(?i:a)b"#, "AB", false),
        (#"(?s)."#, "\n", true), (#"."#, "\n", false), (#"(?x) a b # comment"#, "ab", true), (#"(?x)[ ]"#, " ", true),
        (#"\x41\101\u0041"#, "AAA", true), (#"\u00e9*"#, "éé", true), (#"é+"#, "éé", true), (#"[]]"#, "]", true),
        (#"[^]]"#, "]", false), (#"[a\-z]"#, "-", true), (#"[a-]"#, "-", true), (#"a{2,3}"#, "aaaa", false),
        (#"a{,2}"#, "aa", true), (#"a{x}"#, "a{x}", true), (#"a{}"#, "a{}", true), (#"a{,}"#, "aaa", true),
        (#"a$"#, "a\n", false), ("a$\n", "a\n", true), (#"a\Z\n?"#, "a\n", false), (#"a\b.\bb"#, "a b", true),
        (#"a\bb"#, "ab", false), (#"a\Bb"#, "ab", true), (#"\B"#, "", false), (#"(?m)a$\n^b"#, "a\nb", true),
        (#"a^b"#, "ab", false), (#""#, "", true), (#""#, "a", false), (#"(?:)*"#, "", true), (#"\S+"#, "a b", false),
    ])
    func decides(pattern: String, input: String, expected: Bool) throws {
        #expect(try Pattern(pattern).matches(input) == expected)
        #expect(try (Pattern(pattern).groups(input) != nil) == expected)
        #expect(try PatternSet([Pattern(pattern)]).matches(input) == expected)
    }

    @Test(arguments: [
        (#"(a+)(a*)"#, "aaa", ["aaa", "aaa", ""]), (#"(a+?)(a*)"#, "aaa", ["aaa", "a", "aa"]),
        (#"(a|ab)(c|bcd)(d*)"#, "abcd", ["abcd", "a", "bcd", ""]), (#"(a)|(b)"#, "b", ["b", nil, "b"]),
        // The last iteration counts, and groups that it leaves out keep what they had.
        (#"(?:(a)|(b))*"#, "ab", ["ab", "a", "b"]), (#"(a|b)*"#, "ab", ["ab", "b"]),
        // An empty last iteration is taken, once.
        (#"(a*)*"#, "aa", ["aa", ""]), (#"(|a)+"#, "aa", ["aa", ""]), (#"(a|b*)*"#, "ab", ["ab", ""]),
        (#"(a*)+"#, "", ["", ""]), (#"(a*?)*?"#, "aa", ["aa", "a"]),
        (#"NEW:(\S+) Port=80,(176[0-5]\d)"#, "NEW:BEST Port=80,17612", ["NEW:BEST Port=80,17612", "BEST", "17612"]),
        (#"(?P<key>\w+)=(?P<value>.*)"#, "a=b=c", ["a=b=c", "a", "b=c"]),
    ])
    func captures(pattern: String, input: String, expected: [String?]) throws {
        #expect(try Pattern(pattern).groups(input) == expected)
    }

    @Test("A group is found in an input of many blocks")
    func capturesInLongInput() throws {
        let long = String(repeating: "ab", count: 10_000)
        let groups = try Pattern(#"((?:ab)*?)(b?)(c)(.*)"#).groups(long + "c" + long)
        #expect(groups == [long + "c" + long, long, "", "c", long])
        #expect(try Pattern(#"(a*)b"#).groups(String(repeating: "a", count: 4_096)) == nil)
    }

    @Test func groupsAreNumberedAndNamed() throws {
        let pattern = try Pattern(#"(a)(?P<x>b)(?:c)(?P<y_1>(d))"#)
        #expect(pattern.groupCount == 4)
        #expect(pattern.groupNames == ["x": 2, "y_1": 3])
    }

    @Test(arguments: [
        ("abc", "abc", true), ("ab*", "a", false), ("a(?:bc|bd)", "ab", false),
        ("(?i)1a", "1", false), ("a|b", "", false),
        ("^abc$", "abc", true), ("(?:ab){2}c?", "abab", false), ("a^b", "", false),
        ("", "", true), ("[x]y", "xy", true),
        (#"NEW:\S+"#, "NEW:", false), ("a|a", "a", true),
    ])
    func literalPrefix(pattern: String, prefix: String, isWhole: Bool) throws {
        let found = try Pattern(pattern).literalPrefix
        #expect(String(decoding: found.bytes, as: UTF8.self) == prefix)
        #expect(found.isWhole == isWhole)
    }

    @Test func firstRuleWins() throws {
        let set = PatternSet(try ["a+", "b", "[ab]+", "a"].map { try Pattern($0) })
        #expect(set.firstMatch("aa") == 0)
        #expect(set.firstMatch("b") == 1)
        #expect(set.firstMatch("ab") == 2)
        #expect(set.firstMatch("c") == nil)
        #expect(PatternSet([]).firstMatch("") == nil)
    }

    @Test func optionIgnoresCase() throws {
        #expect(try Pattern("socksPort", options: .ignoreCase).matches("SOCKSPORT"))
        #expect(try !Pattern("[^k]", options: .ignoreCase).matches("K"))
    }

    /// As `re.match` does: how the pattern is anchored is then the pattern's own affair.
    @Test func optionLetsAnythingFollow() throws {
        let pattern = try Pattern("(a)|(b)$", options: .anyTail)
        #expect(pattern.groups("a, and more") == ["a, and more", "a", nil])
        #expect(pattern.matches("b\n"))
        #expect(!pattern.matches("bb"))
        #expect(pattern.literalPrefix.bytes.isEmpty)
    }

    @Test func optionTakesOnlySpacesThatAreNamed() throws {
        for source in ["a.b", "a(?s:.)b", "a[^x]b", #"a\Wb"#, #"a\Db"#, #"a[^\w]b"#] {
            #expect(try Pattern(source).matches("a b"), "\(source)")
            #expect(try !Pattern(source, options: .namedSpaces).matches("a b"), "\(source)")
            #expect(try Pattern(source, options: .namedSpaces).matches("a-b"), "\(source)")
        }
        for source in ["a b", "a[ -]b", #"a\sb"#, #"a[\s.]b"#, "a[ -~]b", #"a\x20b"#, "(a)( )b"] {
            #expect(try Pattern(source, options: .namedSpaces).matches("a b"), "\(source)")
        }
        #expect(try Pattern("(.*) (.*)", options: .namedSpaces).groups("a b") == ["a b", "a", "b"])
        #expect(try Pattern("(.*) (.*)", options: .namedSpaces).groups("a b c") == nil)
    }

    @Test(arguments: [
        ("version", "version", 7), ("version", "vermin", 3), ("version", "", 0), ("version", "x", 0),
        ("status/(?:a|bc)", "status/bd", 8), ("a*", "aaab", 3), (".*", "anything", 8), ("ab", "abc", 2),
    ])
    func aViablePrefixIsAsLongAsAMatchMayBegin(pattern: String, text: String, length: Int) throws {
        let pattern = try Pattern(pattern)
        #expect(Array(text.utf8).withUnsafeBufferPointer { pattern.viablePrefix($0) } == length)
    }

    /// Whatever the pieces are, they are one input; and the next input begins anew.
    @Test func aMatcherPutsPiecesTogether() throws {
        let set = PatternSet([try Pattern("250-a=(x+)"), try Pattern("250.a=.*")])
        var matcher = set.makeMatcher()
        for (pieces, match) in [
            (["250-", "a=", "xx"], 0), (["250 a=", "", "xx"], 1), (["2", "50-a", "=y"], 1), (["250-a"], nil),
            (["250-a=x"], 0),
        ] as [([String], Int?)] {
            matcher.restart()
            for piece in pieces { Array(piece.utf8).withUnsafeBufferPointer { matcher.take($0) } }
            #expect(matcher.match == match, "\(pieces)")
        }
    }
}

extension PatternSet {
    func firstMatch(_ text: String) -> Int? {
        Array(text.utf8).withUnsafeBufferPointer { firstMatch($0) }
    }

    func matches(_ text: String) -> Bool { firstMatch(text) != nil }
}
