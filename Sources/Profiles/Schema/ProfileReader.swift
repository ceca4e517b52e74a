import ControlProtocol

/// Turns the YAML of one file into profiles, and reports its problems.
///
/// Everything is typed strictly: what the format does not define is an error, for a misspelt key that is skipped
/// could leave a redaction out. This file reads the list and each filter's keys; the parts of a filter are read by
/// the extensions beside it.
struct ProfileReader {
    var diagnostics = DiagnosticList()
    private let file: String
    private let isMerged: Bool
    private let defaultName: String

    /// The filters of `document`, all or (after an error) none of them. The first one without a `name` is called
    /// `defaultName`, the others `defaultName#2`, `defaultName#3`… by their places in the list.
    static func read(_ document: YAMLNode?, file: String, defaultName: String, isMerged: Bool)
        -> (profiles: [Profile], diagnostics: [Diagnostic])
    {
        var reader = ProfileReader(file: file, isMerged: isMerged, defaultName: defaultName)
        let profiles = reader.filters(document)
        return (reader.diagnostics.hasErrors ? [] : profiles, reader.diagnostics.items)
    }

    init(file: String, isMerged: Bool = false, defaultName: String = "") {
        self.file = file
        self.isMerged = isMerged
        self.defaultName = defaultName
    }

    private mutating func filters(_ document: YAMLNode?) -> [Profile] {
        var nodes: [YAMLNode] = []
        switch document?.content {
        case .sequence(let filters):
            nodes = filters
        case .mapping(let entries):
            // The JSON of roflcoptor's filters is YAML too.
            let isForeign = entries.contains { $0.key.text.hasPrefix("client-") || $0.key.text.hasPrefix("server-") }
            diagnostics.error(
                .notAList, at: document?.location ?? .whole(file),
                "a profile is a list of filters, and this is a single mapping",
                suggestion: isForeign
                    ? "'grater-check convert' makes a profile of roflcoptor's filters"
                    : "begin the filter with '- ' and indent its other lines by two spaces")
        case .scalar(let scalar) where !scalar.isNull:
            diagnostics.error(.notAList, at: scalar.location, "a profile is a list of filters, and this is text")
        case .scalar, nil:
            break
        }
        if nodes.isEmpty, !diagnostics.hasErrors {
            diagnostics.warning(
                .noFilter, at: .whole(file), "there is no filter in it",
                suggestion: "to mask a profile of the same name, link its name to /dev/null")
        }
        var profiles: [Profile] = []
        for (index, node) in nodes.enumerated() {
            let name = index == 0 ? defaultName : "\(defaultName)#\(index + 1)"
            if let profile = filter(node, name: name) { profiles.append(profile) }
        }
        return profiles
    }

    enum FilterKey: String, CaseIterable {
        case name, commands, confs, events, mode
        case torBrowserMode = "tor-browser-mode"
        case onlyOwnOnions = "only-own-onions"
        case ownListeners = "own-listeners"
        case accept
        case restrictStreamEvents = "restrict-stream-events"
        case exePaths = "exe-paths"
    }

    static let filterKeys = Qualifier.allCases.map(\.rawValue) + FilterKey.allCases.map(\.rawValue)

    private mutating func filter(_ node: YAMLNode, name defaultName: String) -> Profile? {
        guard let entries = mapping(node, "a filter") else { return nil }
        let errorsBefore = diagnostics.errorCount
        var name = defaultName
        var mode = Policy.Mode.enforce
        var torBrowserMode = false
        var onlyOwnOnions = false
        var ownListeners: OwnListeners?
        var accepted: [AcceptedHazard] = []
        var qualifiers = Qualifiers()
        var commands: [Keyword: RuleSet] = [:]
        var confs: [[UInt8]: ConfRule] = [:]
        var events: [Keyword: EventRule] = [:]
        for entry in entries {
            let value = entry.value
            if let key = Qualifier(rawValue: entry.key.text) {
                read(key, value, into: &qualifiers)
                continue
            }
            switch FilterKey(rawValue: entry.key.text) {
            case .name: if let text = label(value, "'name'") { name = text }
            case .commands: commands = self.commands(value)
            case .confs: confs = self.confs(value)
            case .events: events = self.events(value)
            case .torBrowserMode: if boolean(value, "'tor-browser-mode'") ?? false { torBrowserMode = true }
            case .onlyOwnOnions: onlyOwnOnions = boolean(value, "'only-own-onions'") ?? false
            case .ownListeners: ownListeners = self.ownListeners(value)
            case .accept: accepted = self.accepted(value)
            case .restrictStreamEvents:
                diagnostics.warning(
                    .oldKey, at: entry.key.location, "'restrict-stream-events' is the old name of 'tor-browser-mode'",
                    suggestion: "write 'tor-browser-mode' instead")
                if boolean(value, "'restrict-stream-events'") ?? false { torBrowserMode = true }
            case .exePaths:
                diagnostics.warning(
                    .oldKey, at: entry.key.location,
                    "'exe-paths' is an old key that matches nothing any more, and is ignored",
                    suggestion:
                        "use 'apparmor-profiles', 'units', 'flatpaks' or 'sockets'; 'grater-check convert' helps")
            case .mode: if let value = self.mode(value) { mode = value }
            case nil: unknownKey(entry.key, of: "a filter", among: Self.filterKeys)
            }
        }
        // After an error, what is missing may only have been misspelt.
        if diagnostics.errorCount == errorsBefore { checkWhoMatches(qualifiers, at: node.location) }
        let policy = Policy(
            name: name, mode: mode, torBrowserMode: torBrowserMode, onlyOwnOnions: onlyOwnOnions,
            ownListeners: ownListeners, commands: commands, confs: confs, events: events)
        if diagnostics.errorCount == errorsBefore { checkListeners(policy, qualifiers, at: node.location) }
        return Profile(
            qualifiers: qualifiers, policy: policy, accepted: accepted, isMerged: isMerged, location: node.location)
    }

    private mutating func mode(_ node: YAMLNode) -> Policy.Mode? {
        guard let scalar = text(node, "'mode'") else { return nil }
        switch scalar.text {
        case "enforce": return .enforce
        case "complain": return .complain
        default:
            diagnostics.error(
                .invalidValue, at: scalar.location, "\(quoted(scalar.text)) is not a mode",
                suggestion: Spelling.suggestion(for: scalar.text, among: ["enforce", "complain"])
                    ?? "the modes are 'enforce' and 'complain'")
            return nil
        }
    }

    /// Reports that no client, or not the one that is meant, can match.
    mutating func checkWhoMatches(_ qualifiers: Qualifiers, at location: SourceLocation) {
        if qualifiers.lacksUsers {
            diagnostics.warning(
                .lacksUsers, at: location, "'apparmor-profiles' without 'users' matches no local client",
                suggestion: "add \"users: ['*']\" for any user")
        } else if !qualifiers.canMatchLocal, qualifiers.hosts == nil {
            diagnostics.warning(
                .matchesNobody, at: location, "this filter matches nobody: nothing in it names an application",
                suggestion: "add 'apparmor-profiles', 'units', 'flatpaks' or 'sockets', or 'hosts' for remote clients")
        }
        if let port = qualifiers.openPort {
            diagnostics.warning(
                .openPort, at: location, "any user of this machine may connect to the port \(quoted(port))",
                suggestion: "add 'users' or 'groups'")
        }
    }
}
