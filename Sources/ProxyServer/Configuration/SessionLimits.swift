import ControlProtocol
import Dispatch

/// Limits of a session: memory and time.
public struct SessionLimits: Sendable {
    /// How long a command and its data may be.
    public var commands = CommandParser.Limits()
    /// Bytes that may wait to be written to one side before the other is no longer read.
    public var unsentBytes = 256 * 1024
    /// How long a client may take to read half of those, once so many wait for it.
    public var stall = DispatchTimeInterval.seconds(60)
    /// How long a client that is not to have a session may take to say its first line, which is then answered.
    public var refusal = DispatchTimeInterval.seconds(10)
    /// How long tor may take to answer what it was asked by a client who has left since.
    public var farewell = DispatchTimeInterval.seconds(60)
    /// How long a client may take to authenticate; `.never` for ever.
    public var authentication = DispatchTimeInterval.seconds(60)
    /// How long tor may say nothing while it owes a reply; `.never` for ever.
    public var reply = DispatchTimeInterval.seconds(30)
    /// How long to wait before connecting to a tor that closed the connection just before.
    public var reconnection = DispatchTimeInterval.seconds(1)
    /// How long a tor that closed the connection is sought for a client that waits for events.
    public var absence = DispatchTimeInterval.seconds(60)
    /// How long what waits to be written may take when a session ends.
    public var linger = DispatchTimeInterval.seconds(5)

    public init() {}
}
