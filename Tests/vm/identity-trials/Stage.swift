import Glibc
import PeerIdentity

/// The server's side of a trial: a unix socket, and a way of finding out who speaks.
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
    /// What our method makes of the peer; nil if it was refused.
    private(set) var peer: Peer?
    /// What a profile's `apparmor-profiles` would be compared with; nil if the peer was refused.
    private(set) var application: String?
    /// Why the peer or its bytes were refused.
    private(set) var refusal: String?

    init(_ method: Method, at path: String) throws {
        self.method = method
        self.path = path
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

    /// Takes the next connection and finds out whose it is.
    func identify() throws {
        reader = nil
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

    /// Receives what is there; nil if nothing is, or if it is refused.
    func receive() -> String? {
        guard application != nil || peer != nil else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let number = connection.rawValue
        guard var reader else {
            let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
        let reception = buffer.withUnsafeMutableBytes { reader.receive(from: number, into: $0) }
        self.reader = reader
        switch reception {
        case .bytes(let count): return String(decoding: buffer[..<count], as: UTF8.self)
        case .refused(let error): refusal = "\(error)"
        case .wouldBlock, .end, .failed: break
        }
        return nil
    }

    deinit { unlink(path) }
}
