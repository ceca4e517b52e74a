import CLinux
import Glibc
import PeerIdentity

/// One client that came to a unix socket, and all that the daemon would learn about it: for people who want to know, and for
/// no other purpose, for the client is sent away.
public struct ClientProbe: Sendable {
    /// What is known of who sent the client's first line.
    public enum Greeting: Sendable, Equatable {
        /// None came in time.
        case none
        /// So many bytes; another program may have sent the first `doubtful` ones.
        case heard(Int, doubtful: Int)
        /// Somebody else sent it.
        case refused(IdentityError)
    }

    /// What profiles call the socket (`sockets`).
    public let listenerName: String
    /// The client's identity, or why it is unknown.
    public let peer: Result<Peer, IdentityError>
    /// What is known of who sent its first line.
    public let greeting: Greeting

    /// Listens until a client comes, identifies it, hears its first line and answers that.
    ///
    /// - Parameters:
    ///   - argument: the socket, as `--listen-socket` takes it.
    ///   - requiresPeersec: as `--require-peersec`: refuse clients without a label from the time of connect(2).
    ///   - patience: for how many seconds the client may take to say its first line.
    public init(at argument: String, requiresPeersec: Bool = false, patience: Int32 = 10) throws(ConfigurationError) {
        guard case .unix(let path, let name, let access) = try Configuration.Listening(argument: argument) else {
            throw ConfigurationError("'\(argument)' is not a unix socket")
        }
        listenerName = name
        let client: FileDescriptor
        do { client = try Self.awaitClient(at: path, access) } catch { throw ConfigurationError("\(error)") }
        do throws(IdentityError) {
            var found = try PeerIdentifier.identify(
                unixSocket: client.rawValue, requiresConnectTimeLabel: requiresPeersec)
            peer = .success(found.peer)
            greeting = Self.hear(client, &found.reader, patience)
        } catch {
            peer = .failure(error)
            greeting = .none
        }
        Socket.dismiss(client, saying: Array("551 grater-check: you have been identified; this is not tor\r\n".utf8))
    }

    // The optimizer of Swift 6.0 does not survive it.
    @_optimize(none)
    private static func awaitClient(at path: String, _ access: SocketAccess) throws(SystemError) -> FileDescriptor {
        let listener = try Socket.make(AF_UNIX)
        listener.enable(SO_PASSCRED, level: SOL_SOCKET)
        let file = try SocketFile(binding: listener, to: path, for: access)
        defer { file.remove() }
        guard listen(listener.rawValue, SOMAXCONN) == 0 else { throw SystemError("cannot listen on \(path)") }
        while true {
            switch Socket.accept(listener) {
            case .client(let client, _): return client
            case .nobody: try wait(for: listener)
            case .lost: continue
            case .exhausted(let code): throw SystemError("cannot accept a client on \(path)", code: code)
            }
        }
    }

    /// SIGINT and SIGTERM end the process as ever, once the socket's file has been removed.
    private static func wait(for listener: borrowing FileDescriptor) throws(SystemError) {
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let interruption = FileDescriptor(owning: signalfd(-1, &signals, Int32(O_CLOEXEC)))
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var events = [
            pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interruption.rawValue, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&events, 2, -1) > 0 || errno == EINTR else { throw SystemError("cannot wait for a client") }
        if events[1].revents != 0 { throw SystemError("nobody came", code: EINTR) }
    }

    private static func hear(_ client: borrowing FileDescriptor, _ reader: inout PeerReader, _ patience: Int32)
        -> Greeting
    {
        var (count, doubtful) = (0, 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let number = client.rawValue
        while count < buffer.count {
            switch buffer.withUnsafeMutableBytes({ reader.receive(from: number, into: $0) }) {
            case .bytes(let more, let inDoubt):
                count += more
                doubtful += inDoubt
                if buffer[..<more].contains(UInt8(ascii: "\n")) { return .heard(count, doubtful: doubtful) }
            case .refused(let error): return .refused(error)
            case .wouldBlock:
                var events = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                if poll(&events, 1, patience * 1000) == 0 {
                    return count == 0 ? .none : .heard(count, doubtful: doubtful)
                }
            case .end, .failed: return count == 0 ? .none : .heard(count, doubtful: doubtful)
            }
        }
        return .heard(count, doubtful: doubtful)
    }
}
