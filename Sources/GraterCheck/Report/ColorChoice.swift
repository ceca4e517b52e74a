/// When text is colored.
public enum ColorChoice: String, Sendable, CaseIterable {
    /// At a terminal that has colors, unless `NO_COLOR` is set.
    case auto
    case always
    case never
}

extension Style {
    /// The style of standard output.
    public init(_ choice: ColorChoice) {
        switch choice {
        case .auto: self = .standardOutput
        case .always: self.init(usesColor: true)
        case .never: self.init(usesColor: false)
        }
    }
}
