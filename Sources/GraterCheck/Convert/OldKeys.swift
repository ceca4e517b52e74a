import ControlProtocol
import Profiles

/// Replaces keys that profiles of the Python onion-grater no longer use.
enum OldKeys {
    static func convert(_ document: CommentedDocument) -> Conversion {
        var document = document
        var remarks = [Diagnostic]()
        for index in document.filters.indices {
            var filter = document.filters[index].value
            streamEvents(&filter)
            executables(&filter, &remarks)
            commands(&filter, &remarks)
            document.filters[index].value = filter
        }
        return Conversion(document: document, remarks: remarks)
    }

    /// `restrict-stream-events` has a new name.
    private static func streamEvents(_ filter: inout CommentedNode) {
        guard let index = filter.items.firstIndex(where: { $0.key == "restrict-stream-events" }) else { return }
        if let known = filter["tor-browser-mode"] {
            // Either of them suffices.
            let isOn =
                known == CommentedNode(.boolean(true)) || filter.items[index].value == CommentedNode(.boolean(true))
            filter.items.remove(at: index)
            filter["tor-browser-mode"] = CommentedNode(.boolean(isOn))
        } else {
            filter.items[index].key = "tor-browser-mode"
        }
    }

    /// `exe-paths` names programs by their files; today that is what `apparmor-profiles` does for a program without a
    /// label.
    private static func executables(_ filter: inout CommentedNode, _ remarks: inout [Diagnostic]) {
        guard let index = filter.items.firstIndex(where: { $0.key == "exe-paths" }) else { return }
        let item = filter.items[index]
        let location = item.location ?? .whole("")
        let isAnything = item.value.items.contains { $0.value == .text("*") }
        let namesApplication = filter.items.contains { item in
            item.key.flatMap(Qualifier.init)?.namesApplication == true
        }
        if namesApplication {
            filter.remove(at: index)
            remarks.append(
                Diagnostic(
                    .note, .conversion, at: location,
                    "'exe-paths' is left out: other keys say which application it is"))
        } else if !isAnything {
            filter.items[index].key = Qualifier.apparmorProfiles.rawValue
            if filter[Qualifier.users.rawValue] == nil {
                filter.items.append(CommentedItem(key: Qualifier.users.rawValue, value: .list([.text("*")])))
            }
            remarks.append(
                Diagnostic(
                    .note, .conversion, at: location,
                    "'exe-paths' became 'apparmor-profiles', where a path means a program that AppArmor does not confine",
                    suggestion: "never list an interpreter such as /usr/bin/python3: every script would match"))
        } else {
            filter.remove(at: index)
            remarks.append(
                filter[Qualifier.hosts.rawValue] != nil
                    ? Diagnostic(
                        .note, .conversion, at: location,
                        "'exe-paths' is left out: it never decided about remote clients, and 'hosts' stays as it is")
                    : Diagnostic(
                        .warning, .conversion, at: location,
                        "'exe-paths' is left out, and nothing says any more whom the filter is for",
                        suggestion: "name the application with 'apparmor-profiles', 'units', 'flatpaks' or 'sockets'"))
        }
    }

    /// Rules that never decided anything.
    private static func commands(_ filter: inout CommentedNode, _ remarks: inout [Diagnostic]) {
        guard let index = filter.items.firstIndex(where: { $0.key == "commands" }) else { return }
        let events = Set((filter["events"]?.items ?? []).compactMap { $0.key?.uppercased() })
        for item in filter.items[index].value.items {
            guard let command = item.key.flatMap({ Keyword($0) }) else { continue }
            let location = item.location ?? .whole("")
            if KnownWords.answeredCommands.contains(command) {
                remarks.append(
                    Diagnostic(
                        .note, .conversion, at: location,
                        "the rules for \(command) are left out: onion-grater answers it itself"))
            } else if command == "SETEVENTS" {
                let missing = named(in: item.value).subtracting(events).sorted()
                remarks.append(
                    missing.isEmpty
                        ? Diagnostic(
                            .note, .conversion, at: location,
                            "the rules for SETEVENTS are left out: 'events' lists everything they name")
                        : Diagnostic(
                            .warning, .conversion, at: location,
                            "the rules for SETEVENTS are left out: it is 'events' that decides, and there is no \(missing.joined(separator: ", "))",
                            suggestion: "list there what the application needs; {suppress: true} keeps it content"))
            }
        }
        filter.items[index].value.items.removeAll { item in
            guard let command = item.key.flatMap({ Keyword($0) }) else { return false }
            return command == "SETEVENTS" || KnownWords.answeredCommands.contains(command)
        }
    }

    /// The events whose names are words of the rules' patterns.
    private static func named(in rules: CommentedNode) -> Set<String> {
        var words = Set<String>()
        for rule in rules.items {
            guard case .text(let pattern) = (rule.value["pattern"] ?? rule.value).content else { continue }
            let isLetter = { (character: Character) in character.isASCII && (character.isLetter || character == "_") }
            words.formUnion(pattern.split { !isLetter($0) }.map { $0.uppercased() })
        }
        return words.intersection(KnownWords.event.all)
    }
}

extension CommentedNode {
    /// Removes an item; comments above it stay, above the next one.
    fileprivate mutating func remove(at index: Int) {
        let leading = items[index].leading
        items.remove(at: index)
        if items.indices.contains(index) { items[index].leading = leading + items[index].leading }
    }
}
