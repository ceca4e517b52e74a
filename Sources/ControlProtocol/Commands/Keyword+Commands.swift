/// The commands that have the form of their argument in common.
extension Keyword {
    /// GETINFO and GETCONF: the argument is a list of keywords (control-spec, sections 3.9 and 3.3).
    public var asksForKeywords: Bool { self == .getInfo || self == .getConf }

    /// SETCONF and RESETCONF: the argument is a list of options and values, `ConfAssignment`s.
    public var setsOptions: Bool { self == .setConf || self == .resetConf }

    /// GETCONF, SETCONF and RESETCONF: the argument names options of tor.
    public var namesOptions: Bool { self == .getConf || setsOptions }

    /// Whether the command comes with a data block, and so is written with a `+` (control-spec, section 2.2).
    public var takesData: Bool { self == .hsPost || self == .loadConf || self == .postDescriptor }
}

/// The commands that every command is compared with: a constant is made once, a literal each time.
extension Keyword {
    public static let addOnion: Keyword = "ADD_ONION"
    public static let authChallenge: Keyword = "AUTHCHALLENGE"
    public static let authenticate: Keyword = "AUTHENTICATE"
    public static let delOnion: Keyword = "DEL_ONION"
    public static let dropOwnership: Keyword = "DROPOWNERSHIP"
    public static let getConf: Keyword = "GETCONF"
    public static let getInfo: Keyword = "GETINFO"
    public static let hsPost: Keyword = "HSPOST"
    public static let loadConf: Keyword = "LOADCONF"
    public static let mapAddress: Keyword = "MAPADDRESS"
    public static let onionClientAuthAdd: Keyword = "ONION_CLIENT_AUTH_ADD"
    public static let onionClientAuthView: Keyword = "ONION_CLIENT_AUTH_VIEW"
    public static let postDescriptor: Keyword = "POSTDESCRIPTOR"
    public static let protocolInfo: Keyword = "PROTOCOLINFO"
    public static let quit: Keyword = "QUIT"
    public static let resetConf: Keyword = "RESETCONF"
    public static let setCircuitPurpose: Keyword = "SETCIRCUITPURPOSE"
    public static let setConf: Keyword = "SETCONF"
    public static let setEvents: Keyword = "SETEVENTS"
    public static let takeOwnership: Keyword = "TAKEOWNERSHIP"
}
