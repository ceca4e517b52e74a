import JSONText
import ServiceInterface

/// A request on the admin socket.
enum AdminRequest: Equatable {
    case status
    case sessions
    case watch(DecisionFilter)
    /// End the session with this number.
    case kick(UInt64)
    case reload
    case metrics
    /// What would become of a command in the session with this number?
    case explain(UInt64, command: String)
    /// Put a profile into complain mode for so many seconds.
    case complain(String, seconds: Int)
    /// End that before its time.
    case enforce(String)
    /// What was denied since a time in seconds since 1970, to the clients of one profile or of all.
    case denials(since: Int, profile: String?)

    struct Malformed: Error, Equatable {
        let why: String
    }

    /// Reads a request's line, without its end.
    init(_ line: some Collection<UInt8>) throws(Malformed) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(line)
        } catch {
            throw Malformed(why: "the request is not JSON: \(error)")
        }
        guard value["version"]?.integer == AdminProtocol.version else {
            throw Malformed(why: "\"version\" must be \(AdminProtocol.version), which is what this onion-grater speaks")
        }
        switch value["request"]?.text {
        case "status": self = .status
        case "sessions": self = .sessions
        case "reload": self = .reload
        case "metrics": self = .metrics
        case "explain":
            guard let number = value["session"]?.integer.flatMap(UInt64.init(exactly:)),
                let command = value["command"]?.text
            else { throw Malformed(why: "\"explain\" needs the number of a \"session\" and a \"command\"") }
            self = .explain(number, command: command)
        case "complain":
            guard let name = value["profile"]?.text, let seconds = value["seconds"]?.integer,
                (1...TemporaryComplaints.longest).contains(seconds)
            else {
                throw Malformed(
                    why: "\"complain\" needs a \"profile\" and \"seconds\", from 1 to \(TemporaryComplaints.longest)")
            }
            self = .complain(name, seconds: seconds)
        case "enforce":
            guard let name = value["profile"]?.text else { throw Malformed(why: "\"enforce\" needs a \"profile\"") }
            self = .enforce(name)
        case "denials": self = .denials(since: value["since"]?.integer ?? 0, profile: value["profile"]?.text)
        case "watch":
            self = .watch(
                DecisionFilter(profile: value["profile"]?.text, deniedOnly: value["denied"]?.boolean ?? false))
        case "kick":
            guard let number = value["session"]?.integer.flatMap(UInt64.init(exactly:)) else {
                throw Malformed(why: "\"kick\" needs the number of a \"session\"")
            }
            self = .kick(number)
        case let other:
            throw Malformed(
                why: "there is no request \(other.map { "\"\($0)\"" } ?? "at all"): "
                    + "known are status, sessions, watch, kick, reload, metrics, denials, explain, complain and enforce"
            )
        }
    }
}
