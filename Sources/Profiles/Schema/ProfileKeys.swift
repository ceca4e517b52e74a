/// The keys that the reader of profiles knows, for tools that describe the format.
package enum ProfileKeys {
    /// Of a filter, qualifiers first.
    package static let filter = ProfileReader.filterKeys
    /// Of a rule.
    package static let rule = ProfileReader.RuleKey.allCases.map(\.rawValue)
    /// Of an event.
    package static let event = ProfileReader.EventKey.allCases.map(\.rawValue)
    /// The values of `mode`.
    package static let modes = ["enforce", "complain"]
}
