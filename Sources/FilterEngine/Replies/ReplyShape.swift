import ControlProtocol

/// What a reply to a command can look like, and how far one has come.
///
/// Tor numbers nothing: replies are told apart by their order alone. Were one ever taken for another's it would escape its
/// own rewrites, so every line is checked against the command it is taken to answer.
struct ReplyShape: Sendable, Equatable {
    enum Form: Sendable, Equatable {
        /// GETINFO: `key=value` for each word of its argument, in order, then `OK`.
        case info(argument: [UInt8])
        /// GETCONF: `name` or `name=value` for these options, whose names are in lower case, in any number, then nothing.
        case conf(names: Set<[UInt8]>)
        /// ADD_ONION: `ServiceID=…` and what else is said of a new service, then `OK`.
        case onionService
        /// MAPADDRESS: for each mapping, in order, a line that ends with its target, or one that says what is wrong with it.
        case mappings(targets: [[UInt8]])
        /// ONION_CLIENT_AUTH_VIEW: a heading, the clients, then `OK`.
        case clients
        /// Commands that tor learnt after this was written.
        case anything
        /// Every other command: success is one line.
        case confirmation
    }

    /// Lines so far, data lines aside.
    private var lineCount = 0
    /// The code of the first line.
    private var code = 0
    /// The word of GETINFO's argument that the last line answers; nil if it answers none.
    private var key: Range<Int>?
    /// Where the words end that have been answered.
    private var answeredEnd = 0

    /// The form of the reply to a command that is neither GETINFO nor GETCONF.
    static func form(of command: Command) -> Form {
        switch command.keyword {
        case .addOnion: .onionService
        case .mapAddress: .mappings(targets: command.words.map { Array($0.drop { $0 != .equals }) })
        case .onionClientAuthView: .clients
        default: confirmed.contains(command.keyword) ? .confirmation : .anything
        }
    }

    private static let confirmed: Set<Keyword> = [
        "ATTACHSTREAM", "CLOSECIRCUIT", "CLOSESTREAM", "DEL_ONION", "DROPGUARDS", "DROPTIMEOUTS", "EXTENDCIRCUIT",
        "HSFETCH", "HSPOST", "LOADCONF", "ONION_CLIENT_AUTH_ADD", "ONION_CLIENT_AUTH_REMOVE", "POSTDESCRIPTOR",
        "REDIRECTSTREAM", "RESETCONF", "RESOLVE", "SAVECONF", "SETCIRCUITPURPOSE", "SETCONF", "SETEVENTS", "SIGNAL",
        "USEFEATURE",
    ]

    /// Whether `line` can be the next line of a reply of `form`. Call it with each line once, in order.
    mutating func accepts(_ line: ReplyLineView, of form: Form) -> Bool {
        if line.kind == .data || line.kind == .blockEnd { return true }
        defer { lineCount += 1 }
        if lineCount == 0 {
            code = line.code
            guard line.isSuccess || line.code >= 400 else { return false }
        } else if line.code != code && !form.mixesCodes {
            return false
        }
        guard line.isSuccess else { return true }
        switch form {
        case .info(let argument):
            key = argument.word(after: answeredEnd)
            guard let key else { return line.kind == .end && line.isOK }
            answeredEnd = key.upperBound
            return line.kind != .end && Self.line(line.text, tells: argument[key])
        case .conf(let names):
            if line.kind == .blockStart { return false }
            if names.isEmpty { return line.kind == .end && line.isOK }
            return !Self.questions(about: line.text.prefix { $0 != .equals }).isDisjoint(with: names)
        case .onionService:
            if line.kind == .end { return lineCount > 0 && line.isOK }
            return Self.onionServiceKeys.contains { line.text.starts(with: $0) }
        case .confirmation:
            return lineCount == 0 && line.kind == .end && !(line.code == 250 && line.text.contains(.equals))
        case .mappings(let targets):
            return line.kind != .blockStart && lineCount < targets.count
                && line.text.suffix(targets[lineCount].count).elementsEqual(targets[lineCount])
        case .clients:
            if line.kind == .end { return lineCount > 0 && line.isOK }
            return line.kind == .middle && line.text.starts(with: (lineCount == 0 ? Self.heading : "CLIENT ").utf8)
        case .anything:
            return true
        }
    }

    private static let heading = "ONION_CLIENT_AUTH_VIEW"

    /// Whether `text` begins with `key=`.
    private static func line(_ text: UnsafeBufferPointer<UInt8>, tells key: ArraySlice<UInt8>) -> Bool {
        text.count > key.count && text[key.count] == .equals && text.starts(with: key)
    }

    private static let onionServiceKeys = ["ServiceID=", "PrivateKey=", "ClientAuth=", "ClientAuthV3="].map {
        Array($0.utf8)
    }

    /// The names of options, in lower case, that GETCONF may have been asked for if its answer names `name`: the same, or
    /// tor's one virtual option, which gathers others.
    static func questions(about name: some Collection<UInt8>) -> Set<[UInt8]> {
        let name = name.lowercasedASCII
        let gathered = name.starts(with: "hiddenservice".utf8)
        return gathered ? [name, Array("hiddenserviceoptions".utf8)] : [name]
    }

    /// The keywords of the command that a line about `name` may answer, as `Expectation.responseByKey` has them.
    static func keys(of name: some Collection<UInt8>, in form: Form) -> [[UInt8]] {
        switch form {
        case .info: [Array(name)]
        case .conf: questions(about: name).sorted { $0.count < $1.count }
        case .onionService, .mappings, .clients, .anything, .confirmation: []
        }
    }

    /// The length of the `x=` that the line accepted last begins with, where it has the value of a keyword; else 0.
    func prefixLength(of text: UnsafeBufferPointer<UInt8>, in form: Form) -> Int {
        switch form {
        case .info:
            return key.map { $0.count + 1 } ?? 0
        case .conf, .onionService:
            return text.firstIndex(of: .equals).map { $0 + 1 } ?? 0
        case .mappings, .clients, .anything, .confirmation:
            return 0
        }
    }
}

extension ReplyShape.Form {
    /// Whether some lines of the reply may tell of success and others of failure.
    fileprivate var mixesCodes: Bool {
        switch self {
        case .mappings, .anything: true
        case .info, .conf, .onionService, .clients, .confirmation: false
        }
    }
}

extension [UInt8] {
    /// The next word from `start` on: what stands between spaces.
    fileprivate func word(after start: Int) -> Range<Int>? {
        guard let first = self[start...].firstIndex(where: { $0 != .space }) else { return nil }
        return first..<(self[first...].firstIndex(of: .space) ?? endIndex)
    }
}

extension ReplyLineView {
    /// Whether the line says nothing but `OK`.
    fileprivate var isOK: Bool { text.count == 2 && text[0] == UInt8(ascii: "O") && text[1] == UInt8(ascii: "K") }
}
