import JSONText

/// The protocol of the admin socket: lines of JSON. Each request is an object with `version` and `request`; each answer is an
/// object with `version`, or with `error` alone. To `watch`, lines with `decision` or `dropped` follow until the connection is
/// closed.
public enum AdminProtocol {
    /// Of requests and answers. Members may be added without a new one; clients ignore those that they do not know.
    public static let version = 1
    /// How long a request's line may be.
    public static let requestLimit = 4096

    /// Where the daemon's admin socket is unless it is told otherwise.
    public static let standardPath = "/run/onion-grater/admin"

    /// A request, or an answer, with its line end.
    public static func line(_ value: JSONValue) -> [UInt8] { value.line + [UInt8(ascii: "\n")] }

    package static func answer(_ name: String, _ value: JSONValue) -> JSONValue {
        .object(["version": .integer(version), name: value])
    }

    package static func error(_ what: String) -> JSONValue { .object(["error": .string(what)]) }
}
