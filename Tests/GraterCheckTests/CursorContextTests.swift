import Testing

@testable import GraterCheck

/// Where a cursor is, in profiles that are half typed.
@Suite struct CursorContextTests {
    /// `|` is the cursor.
    private func context(_ text: String) -> CursorContext {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let row = lines.firstIndex { $0.contains("|") } ?? 0
        return CursorContext(above: lines[..<row], prefix: String(lines[row].prefix { $0 != "|" }))
    }

    static let cases: [(String, [String], CursorContext.Place)] = [
        ("|", [], .key),
        ("- na|", [], .item(canBeKey: true)),
        ("- name: x\n  |", [], .key),
        ("- name: x\n  mode: co|", [], .value(of: "mode")),
        ("- name: x\n  commands:\n    GET|", ["commands"], .key),
        ("- commands:\n    GET|", ["commands"], .key),
        ("- name: x\n  commands: {GET|", ["commands"], .key),
        ("- name: x\n  commands:\n    GETINFO: [version, st|", ["commands", "GETINFO"], .item(canBeKey: false)),
        ("- name: x\n  commands:\n    GETINFO:\n    - ver|", ["commands", "GETINFO"], .item(canBeKey: true)),
        (
            "- name: x\n  commands:\n    GETINFO:\n      # why\n      - version\n\n      - ver|",
            ["commands", "GETINFO"], .item(canBeKey: true)
        ),
        ("- name: x\n  commands:\n    GETINFO:\n    - pattern: 'a'\n      re|", ["commands", "GETINFO"], .key),
        ("- name: x\n  commands:\n    GETINFO: [{pattern: 'a, b', re|", ["commands", "GETINFO"], .key),
        ("- name: x\n  commands:\n    GETINFO:\n    - version\n  ev|", [], .key),
        ("- name: x\n  events:\n    CIRC: {suppress: t|", ["events", "CIRC"], .value(of: "suppress")),
        ("- name: x\n- name: y\n  confs:\n    Soc|", ["confs"], .key),
        (
            "- name: x\n  commands:\n    GETINFO:\n    - pattern: a\n      response:\n      - pat|",
            ["commands", "GETINFO", "response"], .item(canBeKey: true)
        ),
    ]

    @Test(arguments: cases) func isToldFromIndentationAndBrackets(
        _ text: String, _ path: [String], _ place: CursorContext.Place
    ) {
        let context = context(text)
        #expect(context.path == path && context.place == place, "\(text)\n\(context)")
    }
}
