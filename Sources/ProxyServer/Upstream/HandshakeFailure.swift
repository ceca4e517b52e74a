/// Why the handshake with tor failed.
enum HandshakeFailure: Error, Equatable, CustomStringConvertible {
    /// What answers is not a control port.
    case notTor(String)
    /// Tor refuses, or does not prove that it knows the cookie.
    case refused(String)
    /// Tor asks for what we do not have.
    case noMethod(String)

    var description: String {
        switch self {
        case .notTor(let what): "what answers there is not tor's control port: \(what)"
        case .refused(let what), .noMethod(let what): what
        }
    }
}
