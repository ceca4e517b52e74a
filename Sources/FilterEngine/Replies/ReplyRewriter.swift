import ControlProtocol
import Profiles

/// Turns the lines of tor's reply to one command into the lines of the client's, one by one.
struct ReplyRewriter: Sendable {
    private let expectation: Expectation
    /// Where the onion service leads that the reply names, for as long as the client listens there.
    let targets: [OnionServiceRequest.Target]
    private var shape: ReplyShape
    private var isFirstLine = true
    /// Inside a data block: the name of its value, and whether the block is left out.
    private var block: (prefix: [UInt8], isDropped: Bool)?

    init(_ expectation: Expectation, targets: [OnionServiceRequest.Target] = []) {
        self.expectation = expectation
        self.targets = targets
        shape = ReplyShape(expectation.form)
    }

    /// What the reply changes, if it tells of success.
    var effect: Expectation.Effect { expectation.effect }

    /// Whether the client asked; else the reply is for us alone.
    var isForClient: Bool { expectation.isForClient }

    /// Whether lines can go through as they are.
    var isTransparent: Bool {
        expectation.responses.isEmpty && expectation.responseByKey.isEmpty && expectation.preface.isEmpty
    }

    /// Whether `line` can be the next one of the reply.
    mutating func accepts(_ line: ReplyLineView) -> Bool {
        shape.accepts(line)
    }

    /// Appends to `output` what becomes of `line`.
    mutating func rewrite(_ line: ReplyLine, _ addresses: ConnectionAddresses, into output: inout [UInt8]) {
        if isFirstLine {
            isFirstLine = false
            if line.isSuccess { for line in expectation.preface { line.write(to: &output) } }
        }
        switch line.kind {
        case .data:
            guard let block, !block.isDropped else { return }
            write(line, prefix: block.prefix[...], value: line.text[...], addresses, to: &output)
        case .blockEnd:
            if let block, !block.isDropped { line.write(to: &output) }
            block = nil
        case .blockStart where line.text.last == .equals:
            // The head of a value: it says nothing but the name, which the client has asked for.
            block = (line.text, false)
            line.write(to: &output)
        case .blockStart:
            // Not the name of a value: a pattern that knows the head must not let the data through with it.
            block = ([], !write(line, prefix: [], value: line.text[...], addresses, to: &output))
        case .middle, .end:
            let length = shape.prefixLength(of: line.text)
            write(line, prefix: line.text[..<length], value: line.text[length...], addresses, to: &output)
        }
    }

    /// Whether anything was left of the line. The end of a reply always stays, with nothing in it if need be.
    @discardableResult
    private func write(
        _ line: ReplyLine, prefix: ArraySlice<UInt8>, value: ArraySlice<UInt8>, _ addresses: ConnectionAddresses,
        to output: inout [UInt8]
    ) -> Bool {
        var line = line
        rules: for rules in rules(about: prefix.isEmpty ? line.text[...] : prefix.dropLast()) {
            let rewriter = LineRewriter(rules: rules, addresses: addresses)
            switch rewriter.rewrite(value, prefix: prefix, code: line.code, kind: line.kind) {
            case .untouched: continue
            case .kept: break
            case .rewritten(let text): line.text = text
            case .dropped where line.kind == .end: line.text = Array(line.isSuccess ? "OK".utf8 : "Filtered".utf8)
            case .dropped: return false
            }
            break rules
        }
        line.write(to: &output)
        return true
    }

    /// The rewrites that the line of the value `name` is offered to, in order.
    private func rules(about name: ArraySlice<UInt8>) -> [RewriteRules] {
        // Most replies have none of single keywords.
        if expectation.responseByKey.isEmpty { return expectation.responses }
        return shape.keys(of: name).compactMap { expectation.responseByKey[$0] } + expectation.responses
    }
}
