import Glibc
import JSONText
import PeerIdentity
import Profiles
import ServiceInterface

/// Why the daemon did not do what it was asked.
public struct AdminFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Says it on standard error.
    public func tell() {
        StandardStream.error.write(Array("onion-grater: \(self)\n".utf8))
    }
}

/// A connection to a daemon's admin socket.
final class AdminCall {
    private let descriptor: FileDescriptor
    private var buffer: [UInt8] = []
    /// What of `buffer` holds no line end.
    private var searched = 0

    /// - Parameter patience: how many seconds each step may take; nil for as long as it takes.
    init(path: String, patience: Int? = nil) throws(AdminFailure) {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw AdminFailure("cannot make a socket: \(ErrorNumber.text(errno))") }
        descriptor = FileDescriptor(owning: raw)
        if let patience {
            // They bound connect(2) too, where the daemon takes no connections (socket(7)).
            var time = timeval(tv_sec: patience, tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(raw, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
            }
        }
        let result = SocketAddress.unix(path: path).withSocketAddress { connect(raw, $0, $1) == 0 ? 0 : errno }
        let code = result ?? ENAMETOOLONG
        guard code == 0 else {
            let hint =
                switch code {
                case EACCES: " (only root and members of the socket's group may ask)"
                case ENOENT, ECONNREFUSED: " (is onion-grater running, with an admin socket there?)"
                case EAGAIN: " (the daemon does not answer)"
                default: ""
                }
            throw AdminFailure("cannot connect to \(path): \(ErrorNumber.text(code))\(hint)")
        }
    }

    private static let silence = AdminFailure("the daemon does not answer")

    /// Sends a request; what else it needs stands in `members`.
    func send(_ request: String, _ members: [JSONValue.Member] = []) throws(AdminFailure) {
        let base = [
            JSONValue.Member(key: "version", value: .integer(AdminProtocol.version)),
            JSONValue.Member(key: "request", value: .string(request)),
        ]
        var rest = AdminProtocol.line(.members(base + members))[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A refused caller has been told why already: the answer says so.
            if sent < 0 && errno == EPIPE { return }
            if sent < 0 && errno == EAGAIN { throw Self.silence }
            guard sent >= 0 || errno == EINTR else { throw AdminFailure("cannot write: \(ErrorNumber.text(errno))") }
            rest = rest.dropFirst(max(sent, 0))
        }
    }

    /// The next line, without its end; nil when the daemon has closed the connection.
    func receive() throws(AdminFailure) -> [UInt8]? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                searched = 0
                return line
            }
            searched = buffer.count
            let (count, chunk) = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { room in
                let count = recv(descriptor.rawValue, room.baseAddress, room.count, 0)
                return (count, Array(room[..<max(count, 0)]))
            }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
            if count < 0 && errno == EAGAIN { throw Self.silence }
            guard count > 0 || errno == EINTR else { throw AdminFailure("cannot read: \(ErrorNumber.text(errno))") }
            buffer += chunk
        }
    }

    /// The answer to what was asked, with its line; one that is an error is thrown.
    func receiveAnswer() throws(AdminFailure) -> (line: [UInt8], answer: JSONValue) {
        guard let line = try receive() else { throw AdminFailure("the daemon closed the connection without an answer") }
        let answer = try Self.parse(line)
        if let error = answer["error"]?.text { throw AdminFailure(printable(error)) }
        guard answer["version"]?.integer == AdminProtocol.version else {
            throw AdminFailure("the daemon speaks another version than this program")
        }
        return (line, answer)
    }

    static func parse(_ line: [UInt8]) throws(AdminFailure) -> JSONValue {
        do throws(JSONError) { return try JSONValue(line) } catch {
            throw AdminFailure("the daemon's answer is not JSON, \(error)")
        }
    }
}
