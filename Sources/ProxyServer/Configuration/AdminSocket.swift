import ServiceInterface

/// The address and access of the admin socket.
public struct AdminSocket: Sendable, Hashable {
    /// Of the socket's file.
    public let path: String
    /// Who may connect.
    public let access: SocketAccess
    /// Whether the server does not start without it.
    public let isRequired: Bool

    /// At the usual place if that can be had, for root and the server's own group.
    public static let standard = AdminSocket(
        path: AdminProtocol.standardPath, access: SocketAccess(mode: 0o660), isRequired: false)

    public init(path: String, access: SocketAccess, isRequired: Bool) {
        self.path = path
        self.access = access
        self.isRequired = isRequired
    }

    /// A socket written `PATH[,owner=USER][,group=GROUP][,mode=MODE]`. Without a mode, its group may connect.
    public init(argument: String) throws(ConfigurationError) {
        do throws(ConfigurationError) {
            let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
            var access = try SocketAccess(settings: parts.dropFirst())
            if !parts.contains(where: { $0.hasPrefix("mode=") }) { access.mode = 0o660 }
            guard let path = parts.first, !path.isEmpty, !path.hasSuffix("/") else {
                throw ConfigurationError("the PATH of the socket is missing")
            }
            self.path = try SocketAddress(unixPath: String(path)).description
            self.access = access
            isRequired = true
        } catch {
            throw ConfigurationError("--admin-socket \(argument): \(error)")
        }
    }
}
