/// An AppArmor label as the kernel writes it: the name of a profile, or of several, and a mode.
///
/// `name` is kept whole: `foo//child` (child or hat), `a//&b` (stack) and `:ns:name` (policy namespace) are names of their
/// own, equal to nothing but themselves. Names are compared byte by byte, as the kernel does, not as Unicode text.
public struct Label: Sendable {
    /// What AppArmor does with the process.
    public enum Mode: Hashable, Sendable {
        case enforce, complain, kill, unconfined, prompt
        /// A stack of profiles of different modes.
        case mixed
        /// A mode of some later kernel.
        case other(String)
    }

    /// Whole, as the kernel writes it.
    public let name: String
    /// Nil for a process that no profile applies to.
    public let mode: Mode?

    public init(name: String, mode: Mode?) {
        self.name = name
        self.mode = mode
    }

    /// What a process without any profile has.
    public static let unconfined = Label(name: "unconfined", mode: nil)

    /// Whether the names are the same; modes may differ, as an administrator can change them at any time.
    func isOfSameProfile(as other: Label?) -> Bool {
        guard let other else { return false }
        return isUnconfined == other.isUnconfined && name.utf8.elementsEqual(other.name.utf8)
    }

    /// Whether no profile at all applies. A profile in unconfined mode is a profile, and its name identifies.
    public var isUnconfined: Bool { mode == nil && self == .unconfined }
}

extension Label: Hashable {
    public static func == (left: Label, right: Label) -> Bool {
        left.mode == right.mode && left.name.utf8.elementsEqual(right.name.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(mode)
        for byte in name.utf8 { hasher.combine(byte) }
    }
}

extension Label: CustomStringConvertible {
    /// As the kernel writes it: `name (mode)`, or the name alone.
    public var description: String { mode.map { "\(name) (\($0))" } ?? name }
}

extension Label.Mode: CustomStringConvertible {
    public var description: String {
        switch self {
        case .enforce: "enforce"
        case .complain: "complain"
        case .kill: "kill"
        case .unconfined: "unconfined"
        case .prompt: "prompt"
        case .mixed: "mixed"
        case .other(let name): name
        }
    }

    init(_ name: String) {
        let known: [Label.Mode] = [.enforce, .complain, .kill, .unconfined, .prompt, .mixed]
        self = known.first { $0.description == name } ?? .other(name)
    }
}
