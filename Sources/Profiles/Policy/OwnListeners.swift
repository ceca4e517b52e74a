/// `own-listeners`: an onion service may lead to this machine only where the client's own application listens.
public struct OwnListeners: Sendable, Hashable {
    /// How many seconds the application has to begin to listen once its service has been created; 0 if it must listen
    /// before. At most `longestGrace`.
    public let grace: Int

    /// One hour.
    public static let longestGrace = 3600

    public init(grace: Int) {
        self.grace = min(max(grace, 0), Self.longestGrace)
    }
}

extension OwnListeners: CustomStringConvertible {
    /// As a profile writes it.
    public var description: String { grace == 0 ? "true" : "{within: \(grace)}" }
}
