/// Why an application cannot be set up, in words that say what to do.
public struct SetupFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension SetupFailure {
    /// That only root may do it, and how to.
    public static func needsRoot(_ command: String) -> SetupFailure {
        SetupFailure("only root may change how applications are known: \(command)")
    }
}
