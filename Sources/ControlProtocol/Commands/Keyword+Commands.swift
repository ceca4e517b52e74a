/// The commands that have the form of their argument in common.
extension Keyword {
    /// GETINFO and GETCONF: the argument is a list of keywords (control-spec, sections 3.9 and 3.3).
    public var asksForKeywords: Bool { self == "GETINFO" || self == "GETCONF" }

    /// SETCONF and RESETCONF: the argument is a list of options and values, `ConfAssignment`s.
    public var setsOptions: Bool { self == "SETCONF" || self == "RESETCONF" }

    /// GETCONF, SETCONF and RESETCONF: the argument names options of tor.
    public var namesOptions: Bool { self == "GETCONF" || setsOptions }

    /// Whether the command comes with a data block, and so is written with a `+` (control-spec, section 2.2).
    public var takesData: Bool { Self.takingData.contains(self) }

    private static let takingData: Set<Keyword> = ["HSPOST", "LOADCONF", "POSTDESCRIPTOR"]
}
