/// A command as tor would understand it: a line without its end, or that and the data block of a `+` command.
///
/// Invariant: `argument` holds printable ASCII only, so that tor, which takes tabs, carriage returns and vertical tabs
/// for separators and stops at a NUL, finds the same arguments in it as we do.
public struct Command: Sendable, Equatable {
    /// In capitals, however it was written.
    public let keyword: Keyword
    /// The keyword as it was written, where that is not in capitals.
    private var spelling: [UInt8]?
    /// What follows the keyword and the spaces after it, trailing spaces included.
    public var argument: [UInt8]
    /// The data of a `+` command with the stuffed dots removed, each line ended by LF. Holds no NUL and no CR.
    public var body: [UInt8]?

    /// Nil if `argument` holds anything but printable ASCII.
    public init?(_ keyword: Keyword, _ argument: [UInt8] = [], body: [UInt8]? = nil) {
        guard argument.allSatisfy(\.isPrintableASCII) else { return nil }
        self.init(checked: keyword, argument, body: body)
    }

    /// - Parameter spelling: the bytes that `keyword` was made of; nil for capitals.
    init(checked keyword: Keyword, spelling: [UInt8]? = nil, _ argument: [UInt8], body: [UInt8]?) {
        self.keyword = keyword
        self.spelling = spelling
        self.argument = argument
        self.body = body
    }

    /// The words of the argument: what stands between spaces.
    public var words: [ArraySlice<UInt8>] {
        argument.split(separator: .space)
    }

    /// The same command, its keyword in capitals.
    public var inCapitals: Command {
        Command(checked: keyword, argument, body: body)
    }

    /// The command's line without its end.
    public var line: [UInt8] {
        var line = [UInt8]()
        line.reserveCapacity(argument.count + 32)
        writeLine(to: &line)
        return line
    }

    /// Appends the command as it goes over the wire (control-spec, section 2.2).
    public func write(to output: inout [UInt8]) {
        writeLine(to: &output)
        output += .lineEnd
        guard let body else { return }
        if !body.isEmpty {
            let lines = body.last == .lineFeed ? body.dropLast() : body[...]
            for line in lines.split(separator: .lineFeed, omittingEmptySubsequences: false) {
                if line.first == .dot { output.append(.dot) }
                output += line
                output += .lineEnd
            }
        }
        output.append(.dot)
        output += .lineEnd
    }

    private func writeLine(to output: inout [UInt8]) {
        if body != nil { output.append(UInt8(ascii: "+")) }
        if let spelling { output += spelling } else { keyword.write(to: &output) }
        guard !argument.isEmpty else { return }
        output.append(.space)
        output += argument
    }
}
