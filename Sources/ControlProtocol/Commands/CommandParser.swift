import Glibc

/// Cuts what a client sends into commands, as tor would: lines end with LF or CR LF, and a line that begins with `+` has
/// a data block after it, up to a line with a lone dot (control-spec, section 2.2).
///
/// Splitting the input at any other place changes nothing. Memory is bounded by `Limits`, and once a bound is passed the
/// parser yields nothing more: there is no telling where the next command would begin.
public struct CommandParser: Sendable {
    /// How much a client may send before it comes to an end.
    public struct Limits: Sendable {
        /// Bytes of a line, its end included.
        public var line: Int
        /// Bytes of a data block, all its line ends included.
        public var body: Int

        public init(line: Int = 64 << 10, body: Int = 1 << 20) {
            self.line = line
            self.body = body
        }
    }

    /// What the parser found.
    public enum Item: Sendable, Equatable {
        case command(Command)
        /// A line that tor would not read as it is written, or not as a command at all; its data block is swallowed.
        case refused(line: [UInt8], LineDefect)
        /// The first line is a browser's: the connection must be closed, as tor closes it.
        case http
        /// A line or a data block went over its bound. Nothing follows.
        case tooLong
    }

    /// What makes a line unfit to be passed on.
    public enum LineDefect: Error, Equatable {
        /// A control byte or a byte from 0x7F up.
        case unprintableByte(UInt8)
        /// Nothing, or a space, where the keyword belongs.
        case noKeyword
        /// A keyword with anything but letters, digits, `_` and `-` in it.
        case badKeyword
        /// A data block with a NUL or a lone CR in it.
        case badBody
    }

    private enum State {
        case firstLine
        case line
        case body(Header, text: [UInt8])
        case failed
    }

    /// What came before a data block.
    private enum Header {
        /// Still without its data.
        case command(Command)
        case refused(line: [UInt8], LineDefect)
    }

    private let limits: Limits
    private var state = State.firstLine
    /// The beginning of a line whose end has not come yet.
    private var partial: [UInt8] = []

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many bytes are kept of a command that has not come to its end.
    public var heldCount: Int {
        guard case .body(_, let text) = state else { return partial.count }
        return partial.count + text.count
    }

    /// The next item in `bytes` from `offset` on, which moves past it; nil once all is used up.
    public mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int) -> Item? {
        while offset < bytes.count {
            if case .failed = state {
                offset = bytes.count
                return nil
            }
            let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
            guard let end = rest.firstLineFeed else {
                offset = bytes.count
                guard partial.count + rest.count < limits.line else { return fail() }
                partial += rest
                return nil
            }
            offset += end + 1
            guard partial.count + end < limits.line else { return fail() }
            let item: Item?
            if partial.isEmpty {
                item = take(line: UnsafeBufferPointer(rebasing: rest[..<end]))
            } else {
                var line = [UInt8]()
                swap(&line, &partial)
                line += rest[..<end]
                item = line.withUnsafeBufferPointer { take(line: $0) }
            }
            if let item { return item }
        }
        return nil
    }

    private mutating func fail() -> Item {
        state = .failed
        partial = []
        return .tooLong
    }

    /// Takes one line, without its LF.
    private mutating func take(line raw: UnsafeBufferPointer<UInt8>) -> Item? {
        let line = raw.last == .carriageReturn ? UnsafeBufferPointer(rebasing: raw.dropLast()) : raw
        switch state {
        case .firstLine:
            state = .line
            return line.isHTTPRequest ? .http : take(commandLine: line)
        case .line:
            return take(commandLine: line)
        case .body(let header, var text):
            // The state must not hold a second reference while the text grows: each append would copy it.
            state = .line
            if line.count == 1 && line[0] == .dot { return finish(header, text) }
            guard text.count + raw.count < limits.body else { return fail() }
            text += line.first == .dot ? line.dropFirst() : line[...]
            text.append(.lineFeed)
            state = .body(header, text: text)
            return nil
        case .failed:
            return nil
        }
    }

    private mutating func take(commandLine line: UnsafeBufferPointer<UInt8>) -> Item? {
        let hasBody = line.first == UInt8(ascii: "+")
        let header: Header
        do throws(LineDefect) {
            let command = try parse(hasBody ? UnsafeBufferPointer(rebasing: line.dropFirst()) : line)
            guard hasBody else { return .command(command) }
            header = .command(command)
        } catch {
            guard hasBody else { return .refused(line: Array(line), error) }
            header = .refused(line: Array(line), error)
        }
        state = .body(header, text: [])
        return nil
    }

    private func finish(_ header: Header, _ text: [UInt8]) -> Item {
        switch header {
        case .refused(let line, let defect):
            return .refused(line: line, defect)
        case .command(var command):
            command.body = text
            guard !text.contains(0), !text.contains(.carriageReturn) else {
                return .refused(line: command.line, .badBody)
            }
            return .command(command)
        }
    }

    private func parse(_ line: UnsafeBufferPointer<UInt8>) throws(LineDefect) -> Command {
        if let byte = line.first(where: { !$0.isPrintableASCII }) { throw .unprintableByte(byte) }
        let end = line.firstIndex(of: .space) ?? line.count
        guard end > 0 else { throw .noKeyword }
        guard let keyword = Keyword(line[..<end]) else { throw .badKeyword }
        var start = end
        while start < line.count && line[start] == .space { start += 1 }
        let isInCapitals = line[..<end].allSatisfy { $0 < UInt8(ascii: "a") }
        return Command(
            checked: keyword, spelling: isInCapitals ? nil : Array(line[..<end]), Array(line[start...]), body: nil)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The offset of the first LF.
    var firstLineFeed: Int? {
        guard let base = baseAddress, let found = memchr(base, 10, count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Whether this is the request line of a browser: a method that tor too looks for, or a line that ends with an HTTP
    /// version, since scripts in a web page choose their methods freely.
    fileprivate var isHTTPRequest: Bool {
        let methods = ["GET ", "POST ", "CONNECT ", "HEAD ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ", "TRACE "]
        if methods.contains(where: { starts(with: $0.utf8) }) { return true }
        return suffix(9).starts(with: " HTTP/1.".utf8)
    }
}

extension CommandParser.LineDefect: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unprintableByte(let byte): "byte 0x\(String(byte, radix: 16)) in a command line"
        case .noKeyword: "no command at the beginning of the line"
        case .badKeyword: "not a command's name at the beginning of the line"
        case .badBody: "a NUL or a lone CR in the data of a command"
        }
    }
}
