import ControlProtocol
import Profiles

/// Turns the lines of tor's reply to one command into the lines of the client's, one by one.
struct ReplyRewriter: Sendable {
    let expectation: Expectation
    private var shape = ReplyShape()
    private var isFirstLine = true
    /// Inside a data block: the name of its value, and whether the block is left out.
    private var block: (prefix: [UInt8], isDropped: Bool)?

    init(_ expectation: Expectation) {
        self.expectation = expectation
    }

    /// Whether `line` can be the next one of the reply.
    mutating func accepts(_ line: ReplyLineView) -> Bool {
        shape.accepts(line, of: expectation.form)
    }

    /// Appends to `output` what becomes of `line`.
    mutating func rewrite(_ line: ReplyLineView, _ addresses: ConnectionAddresses, into output: inout [UInt8]) {
        if isFirstLine {
            isFirstLine = false
            if line.isSuccess { for line in expectation.preface { line.write(to: &output) } }
        }
        switch line.kind {
        case .data:
            guard let block, !block.isDropped else { return }
            let outcome = block.prefix.withUnsafeBufferPointer {
                self.outcome(of: line, prefix: $0, value: line.text, addresses)
            }
            write(line, as: outcome, to: &output)
        case .blockEnd:
            if let block, !block.isDropped { line.write(to: &output) }
            block = nil
        case .blockStart where line.text.last == .equals:
            // The head of a value: it says nothing but the name, which the client has asked for.
            block = (Array(line.text), false)
            line.write(to: &output)
        case .blockStart:
            // Not the name of a value: a pattern that knows the head must not let the data through with it.
            let outcome = outcome(of: line, prefix: LineRewriter.noPrefix, value: line.text, addresses)
            block = ([], outcome == .dropped)
            write(line, as: outcome, to: &output)
        case .middle, .end:
            let length = shape.prefixLength(of: line.text, in: expectation.form)
            let outcome = outcome(
                of: line, prefix: UnsafeBufferPointer(rebasing: line.text[..<length]),
                value: UnsafeBufferPointer(rebasing: line.text[length...]), addresses)
            write(line, as: outcome, to: &output)
        }
    }

    /// What the first rules that are about a line make of it.
    private func outcome(
        of line: ReplyLineView, prefix: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>,
        _ addresses: ConnectionAddresses
    ) -> LineRewriter.Outcome {
        for rules in rules(about: prefix.isEmpty ? line.text[...] : prefix.dropLast()) {
            let outcome = LineRewriter(rules: rules, addresses: addresses)
                .rewrite(value, prefix: prefix, code: line.code, kind: line.kind)
            if outcome != .untouched { return outcome }
        }
        return .untouched
    }

    /// The end of a reply always stays, with nothing in it if need be.
    private func write(_ line: ReplyLineView, as outcome: LineRewriter.Outcome, to output: inout [UInt8]) {
        switch outcome {
        case .untouched, .kept: line.write(to: &output)
        case .rewritten(let text): line.write(with: text, to: &output)
        case .dropped where line.kind == .end:
            line.write(with: Array(line.isSuccess ? "OK".utf8 : "Filtered".utf8)[...], to: &output)
        case .dropped: break
        }
    }

    /// The rewrites that the line of the value `name` is offered to, in order.
    private func rules(about name: Slice<UnsafeBufferPointer<UInt8>>) -> [RewriteRules] {
        // Most replies have none of single keywords.
        if expectation.responseByKey.isEmpty { return expectation.responses }
        return ReplyShape.keys(of: name, in: expectation.form).compactMap { expectation.responseByKey[$0] }
            + expectation.responses
    }
}
