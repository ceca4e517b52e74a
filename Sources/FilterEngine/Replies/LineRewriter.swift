import ControlProtocol
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
        /// The line has this text now.
        case rewritten([UInt8])
        /// The line is to be left out.
        case dropped
    }

    /// - Parameters:
    ///   - value: The line's text without `prefix`.
    ///   - prefix: What names the value: `x=` of the line itself, or of the head of its data block; empty where there is
    ///     nothing of the kind.
    ///   - code: The line's status code.
    ///   - kind: The form the line really has.
    func rewrite(_ value: [UInt8], prefix: [UInt8], code: Int, kind: ReplyLine.Kind) -> Outcome {
        if rules.isEmpty { return .untouched }
        if let outcome = match(value, prefix: prefix, code: code, kind: kind) { return outcome }
        // Spaces at the end of a line mean nothing, and must not save it from a redaction.
        if value.last == .space {
            let text = Array(value[..<(value.lastIndex { $0 != .space }.map { $0 + 1 } ?? 0)])
            if let outcome = match(text, prefix: prefix, code: code, kind: kind) { return outcome }
        }
        return rules.dropsOthers ? .dropped : .untouched
    }

    /// What the first rewrite that matches makes of a line; nil if none does.
    private func match(_ value: [UInt8], prefix: [UInt8], code: Int, kind: ReplyLine.Kind) -> Outcome? {
        var best: (rewrite: Int, form: [UInt8])?
        func offer(_ form: [UInt8]) {
            if let found = rules.firstMatch(form), best.map({ found < $0.rewrite }) ?? true { best = (found, form) }
        }
        func offer(divider: UInt8) {
            // None goes before the first rewrite of the profile.
            if best?.rewrite == 0 { return }
            var form = [UInt8]()
            form.reserveCapacity(4 + prefix.count + value.count)
            form.append(status: code, divider)
            form += prefix
            form += value
            offer(form)
        }
        // The form that the line really has comes first: groups are to take what the profile's author saw.
        let dividers = Self.dividers(kind)
        if kind == .data { offer(value) }
        offer(divider: dividers[0])
        if kind != .data { offer(value) }
        for divider in dividers.dropFirst() { offer(divider: divider) }
        guard let best else { return nil }
        let rewrite = rules.rewrites[best.rewrite]
        guard let replacement = rewrite.replacement else { return .rewritten(kind == .data ? value : prefix + value) }
        guard let captures = best.form.withUnsafeBufferPointer({ rewrite.pattern.captures($0) }) else {
            return .dropped
        }
        let result = replacement.render(captures, of: best.form, addresses)
        if result.isEmpty { return .dropped }
        guard let line = Self.withoutStatus(result[...]) else {
            return .rewritten(kind == .data ? result : prefix + result)
        }
        if kind != .data { return .rewritten(Array(line)) }
        return .rewritten(Array(line.starts(with: prefix) ? line.dropFirst(prefix.count) : line))
    }

    private static func dividers(_ kind: ReplyLine.Kind) -> [UInt8] {
        switch kind {
        case .end: [.space, UInt8(ascii: "-"), UInt8(ascii: "+")]
        case .blockStart, .data, .blockEnd: [UInt8(ascii: "+"), UInt8(ascii: "-"), .space]
        case .middle: [UInt8(ascii: "-"), .space, UInt8(ascii: "+")]
        }
    }

    /// `line` without the status code and divider that a replacement for a whole line begins with; nil if it has none.
    private static func withoutStatus(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let divider = line.dropFirst(3).first, line.prefix(3).allSatisfy(\.isASCIIDigit),
            [.space, UInt8(ascii: "-"), UInt8(ascii: "+")].contains(divider)
        else { return nil }
        return line.dropFirst(4)
    }
}
