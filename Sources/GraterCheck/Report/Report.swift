/// What a subcommand has to say.
public struct Report: Sendable {
    /// The exit status of the process.
    public enum Status: Int32, Sendable {
        case fine = 0
        /// Something is wrong with what was checked.
        case findings = 1
        /// The question could not be understood, or not be answered.
        case usage = 2
        /// The application that was run failed.
        case applicationFailed = 3
        /// The application that was run never connected.
        case neverConnected = 4
        /// Tor could not be reached for the application that was run.
        case torUnreachable = 5
    }

    /// For standard output; whole lines.
    public var text = ""
    /// What goes to standard error; whole lines.
    public var remarks = ""
    /// What the process ends with.
    public var status = Status.fine

    package init(text: String = "", remarks: String = "", status: Status = .fine) {
        self.text = text
        self.remarks = remarks
        self.status = status
    }

    package mutating func print(_ line: String = "") {
        text += line + "\n"
    }

    package mutating func remark(_ line: String) {
        remarks += line + "\n"
    }

    /// What cannot be answered, and why.
    package static func unusable(_ message: String, style: Style) -> Report {
        Report(text: "grater-check: \(style.red("error:")) \(message)\n", status: .usage)
    }
}
