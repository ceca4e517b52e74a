import FilterEngine
import Glibc
import LinearPattern
import PeerIdentity
import Profiles

/// The server's side of a trial: a unix socket, a way of finding out who speaks, and a filter that lets everything through.
final class Stage {
    /// How the server finds out who speaks.
    enum Method {
        /// As onion-grater does.
        case ours
        /// As one would at first: the label that the connecting process has now.
        case naive
    }

    private let method: Method
    private let listener: FileDescriptor
    let path: String
    private var connection = FileDescriptor(owning: -1)
    private var reader: PeerReader?
    private var session: Session
    /// What our method makes of the peer; nil if it was refused.
    private(set) var peer: Peer?
    /// What a profile's `apparmor-profiles` would be compared with; nil if the peer was refused.
    private(set) var application: String?
    /// Why the peer or its bytes were refused.
    private(set) var refusal: String?

    init(_ method: Method, at path: String) throws {
        self.method = method
        self.path = path
        session = try Self.makeSession()
        unlink(path)
        listener = FileDescriptor(owning: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var yes: Int32 = 1
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let number = listener.rawValue
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard setsockopt(number, SOL_SOCKET, SO_PASSCRED, &yes, 4) == 0, bound == 0, listen(number, 64) == 0,
            chmod(path, 0o777) == 0, fcntl(number, F_SETFD, FD_CLOEXEC) == 0
        else { throw TrialError("no socket at \(path)") }
    }

    /// Nothing but the doubt about who speaks is to keep a command from being heard, so nobody has to say AUTHENTICATE.
    private static func makeSession() throws -> Session {
        let any = Rule(pattern: try Pattern(".*"), location: SourceLocation(file: "trial", line: 1, column: 1))
        return Session(
            policy: Policy(name: "trial", commands: ["GETINFO": RuleSet([any])]),
            context: Session.Context(
                addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: [])
            ) { [] })
    }

    /// Takes the next connection and finds out whose it is.
    func identify() throws {
        reader = nil
        session = try Self.makeSession()
        refusal = nil
        application = nil
        peer = nil
        connection = FileDescriptor(owning: accept(listener.rawValue, nil, nil))
        _ = fcntl(connection.rawValue, F_SETFD, FD_CLOEXEC)
        switch method {
        case .naive: application = try NaiveIdentity.application(ofUnixSocket: connection.rawValue)
        case .ours:
            do {
                let found = try PeerIdentifier.identify(unixSocket: connection.rawValue)
                peer = found.peer
                application = found.peer.application
                reader = found.reader
            } catch {
                refusal = "\(error)"
            }
        }
    }

    /// Has the server not look at the connection for a while.
    func lookAway() {
        reader?.recordDelay()
    }

    /// Receives what is there, and tells what tor would be sent for it and what the client is answered; nil if nothing is there, or
    /// it is refused.
    func receive() -> String? {
        guard application != nil || peer != nil else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        guard let (count, doubtful) = receive(into: &buffer) else { return nil }
        var effects = Effects()
        buffer[..<count].withUnsafeBufferPointer { session.receive(fromClient: $0, doubtful: doubtful, &effects) }
        if effects.connectsToTor { session.torConnected(version: nil, &effects) }
        refuseAsTor(effects.toTor.count { $0 == UInt8(ascii: "\n") })
        return String(decoding: effects.toTor + effects.toClient, as: UTF8.self)
    }

    /// Nil if the server hears a line that the client sends.
    func hears(_ text: String, from channel: Actor.Channel) throws -> String? {
        try channel.order("send \(text)")
        let heard = text == "AUTHENTICATE" ? "250 OK\r\n" : "\(text)\r\n"
        return receive() == heard ? nil : "\(text) is not heard: \(refusal ?? "nothing came")"
    }

    /// Answers so many commands, so that the answers to what comes after them need not wait.
    private func refuseAsTor(_ count: Int) {
        var effects = Effects()
        for _ in 0..<count {
            Array("551 No\r\n".utf8).withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
        }
    }

    private func receive(into buffer: inout [UInt8]) -> (count: Int, doubtful: Int)? {
        let number = connection.rawValue
        guard reader != nil else {
            let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count > 0 ? (count, 0) : nil
        }
        switch buffer.withUnsafeMutableBytes({ reader?.receive(from: number, into: $0) }) {
        case .bytes(let count, let doubtful): return (count, doubtful)
        case .refused(let error): refusal = "\(error)"
        case .wouldBlock, .end, .failed, nil: break
        }
        return nil
    }

    deinit { unlink(path) }
}
