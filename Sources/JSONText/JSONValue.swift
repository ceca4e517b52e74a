/// A value of JSON (RFC 8259), for what programs say to one another. Of numbers only whole ones, which is all that is needed.
public enum JSONValue: Sendable, Equatable {
    /// A key of an object, and what it stands for.
    public struct Member: Sendable, Equatable {
        /// Decoded: without quotes and escapes.
        public let key: String
        /// What the key stands for.
        public let value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    case string(String)
    case integer(Int)
    case boolean(Bool)
    case null
    case array([JSONValue])
    /// In the order of the text.
    case members([Member])

    /// An object, its members in the order of the text.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        JSONValue.members([]).adding(members)
    }

    /// An object with more members, behind those it has. Nothing else has members.
    public func adding(_ more: KeyValuePairs<String, JSONValue>) -> JSONValue {
        guard case .members(let members) = self else { return self }
        return .members(members + more.map { Member(key: $0.key, value: $0.value) })
    }

    /// The text, or null where there is none.
    public static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A count, or the highest there is.
    public static func count(_ number: some BinaryInteger) -> JSONValue { .integer(Int(clamping: number)) }

    /// The member with this key; nil where there is none, and where it is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .members(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    // What it is, where it is of that kind; nil where it is of another.
    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var integer: Int? { if case .integer(let number) = self { number } else { nil } }
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
