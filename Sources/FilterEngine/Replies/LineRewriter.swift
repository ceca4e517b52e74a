import ControlProtocol
import LinearPattern
import Profiles

/// Applies a profile's rewrites to single lines of replies and events.
///
/// Tor may write the same thing as `250-x=y`, `250 x=y`, or in a data block under `250+x=`. A rewrite must not depend on
/// which, or a client could choose the form that escapes it. So each line is offered to the patterns in every form that
/// it could have had, status code and divider included, and as the bare value; the first rewrite of the profile that
/// matches any form decides, and its result is put back into the form that the line really has.
struct LineRewriter {
    let rules: RewriteRules
    let addresses: ConnectionAddresses

    /// What becomes of a line.
    enum Outcome: Equatable {
        /// No rewrite is about it.
        case untouched
        /// A rewrite is about it, and leaves it as it is.
        case kept
        /// The line has this text now.
        case rewritten(ArraySlice<UInt8>)
        /// The line is left out.
        case dropped
    }

    /// - Parameters:
    ///   - value: The line's text without `prefix`.
    ///   - prefix: What names the value: `x=` of the line itself, or of the head of its data block; empty where there is
    ///     nothing of the kind.
    ///   - code: The line's status code.
    ///   - kind: The form the line really has.
    func rewrite(
        _ value: UnsafeBufferPointer<UInt8>, prefix: UnsafeBufferPointer<UInt8> = LineRewriter.noPrefix, code: Int,
        kind: ReplyLine.Kind
    ) -> Outcome {
        if rules.isEmpty { return .untouched }
        if let outcome = match(value, prefix: prefix, code: code, kind: kind) { return outcome }
        // Spaces at the end of a line mean nothing, and must not save it from a redaction.
        if value.last == .space {
            let text = value[..<(value.lastIndex { $0 != .space }.map { $0 + 1 } ?? 0)]
            if let outcome = match(UnsafeBufferPointer(rebasing: text), prefix: prefix, code: code, kind: kind) {
                return outcome
            }
        }
        return rules.dropsOthers ? .dropped : .untouched
    }

    static var noPrefix: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

    /// A form that a line could have had.
    private enum Form {
        /// The value by itself.
        case bare
        /// A whole line, with this divider behind the status code.
        case line(divider: UInt8)
    }

    /// What the first rewrite that matches makes of a line; nil if none does.
    private func match(
        _ value: UnsafeBufferPointer<UInt8>, prefix: UnsafeBufferPointer<UInt8>, code: Int, kind: ReplyLine.Kind
    ) -> Outcome? {
        var matcher = rules.makeMatcher()
        var best: (rewrite: Int, form: Form)?
        for form in Self.forms(kind) {
            // None goes before the first rewrite of the profile.
            if best?.rewrite == 0 { break }
            matcher.restart()
            if case .line(let divider) = form {
                Self.withHead(code, divider) { matcher.take($0) }
                matcher.take(prefix)
            }
            matcher.take(value)
            if let found = matcher.match, best.map({ found < $0.rewrite }) ?? true { best = (found, form) }
        }
        guard let best else { return nil }
        let rewrite = rules.rewrites[best.rewrite]
        guard let replacement = rewrite.replacement else { return .kept }
        guard let result = render(replacement, rewrite.pattern, best.form, value, prefix: prefix, code: code) else {
            return .dropped
        }
        if result.isEmpty { return .dropped }
        guard let line = Self.withoutStatus(result[...]) else {
            return .rewritten(kind == .data ? result[...] : (Array(prefix) + result)[...])
        }
        return .rewritten(kind == .data && line.starts(with: prefix) ? line.dropFirst(prefix.count) : line)
    }

    /// What `template` makes of the form of a line that `pattern` matches.
    private func render(
        _ template: Template, _ pattern: Pattern, _ form: Form, _ value: UnsafeBufferPointer<UInt8>,
        prefix: UnsafeBufferPointer<UInt8>, code: Int
    ) -> [UInt8]? {
        guard template.usesGroups else { return template.render(.none, of: [], addresses) }
        var text = [UInt8]()
        text.reserveCapacity(4 + prefix.count + value.count)
        if case .line(let divider) = form {
            text.append(status: code, divider)
            text += prefix
        }
        text += value
        return text.withUnsafeBufferPointer { pattern.captures($0) }.map { template.render($0, of: text, addresses) }
    }

    /// What a whole line begins with.
    private static func withHead(_ code: Int, _ divider: UInt8, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        func digit(_ unit: Int) -> UInt8 { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: code / unit % 10) }
        withUnsafeBytes(of: (digit(100), digit(10), digit(1), divider)) { $0.withMemoryRebound(to: UInt8.self, body) }
    }

    /// The form that the line really has comes first: groups are to take what the profile's author saw.
    private static func forms(_ kind: ReplyLine.Kind) -> [Form] {
        switch kind {
        case .end: endForms
        case .middle: middleForms
        case .data: dataForms
        case .blockStart, .blockEnd: blockForms
        }
    }

    private static let endForms = forms(" ", "-", "+")
    private static let middleForms = forms("-", " ", "+")
    private static let blockForms = forms("+", "-", " ")
    private static let dataForms = [.bare] + blockForms.filter { if case .bare = $0 { false } else { true } }

    private static func forms(_ own: Unicode.Scalar, _ others: Unicode.Scalar...) -> [Form] {
        [.line(divider: UInt8(ascii: own)), .bare] + others.map { .line(divider: UInt8(ascii: $0)) }
    }

    /// `line` without the status code and divider that a replacement for a whole line begins with; nil if it has none.
    private static func withoutStatus(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let divider = line.dropFirst(3).first, line.prefix(3).allSatisfy(\.isASCIIDigit),
            [.space, UInt8(ascii: "-"), UInt8(ascii: "+")].contains(divider)
        else { return nil }
        return line.dropFirst(4)
    }
}
