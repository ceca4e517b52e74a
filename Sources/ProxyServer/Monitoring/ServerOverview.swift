import JSONText
import Profiles
import ServiceInterface

/// A snapshot of a running server.
struct ServerOverview {
    var uptimeInSeconds: Int
    var addresses: [SocketAddress]
    var tor: UpstreamHealth.State
    var profiles: [Profile]
    /// What was wrong when the profiles were last read.
    var problems: [Diagnostic]
    var lastLoad: PolicyStore.LastLoad
    /// Files of profiles that are in force, and that a restart would not find, or not be able to use.
    var filesLostAtRestart: Set<String>
    /// Seconds until profiles in complain mode for a while are enforced again, by name.
    var complaintSeconds: [String: Int]
    /// Files that others stand in for.
    var overrides: [FileOverride]
    var lastRefusals: JSONValue
    var lastDenials: JSONValue
    /// By number.
    var sessions: [SessionMeter]
    /// How many there may be.
    var sessionLimit: Int
    /// How many there ever were, with those that were refused once they were known.
    var sessionTotal: UInt64
    var refusals: [Monitor.Refusal: Int]
    var trafficByProfile: [String: Traffic]
    var firstReply: DurationHistogram.Figures
    var torReply: DurationHistogram.Figures
    /// Lines of the log that were lost because they were not written in time.
    var lostLogLines: Int
}
