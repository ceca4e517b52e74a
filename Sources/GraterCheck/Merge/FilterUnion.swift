import ControlProtocol
import Profiles

/// Merges filters as text, with their comments, as `Policy.union` merges their policies.
///
/// Rules come one after the other, the same one only once. An event is suppressed only if all that list it suppress it.
struct FilterUnion {
    private(set) var item: CommentedItem
    /// Rules that were there already.
    private(set) var remarks: [Diagnostic] = []

    private var filter: CommentedNode {
        get { item.value }
        set { item.value = newValue }
    }

    /// - Parameter first: a filter in canonical form. Its qualifiers say who the union is for.
    /// What stands above the filters is left out, since it is about one of them alone; what stands within them is kept.
    init(_ first: CommentedItem, name: String, heading: String) {
        item = first
        item.leading = [.comment(heading)]
        filter["exe-paths"] = nil
        filter["restrict-stream-events"] = nil
        filter["name"] = .text(name)
    }

    /// - Parameter filter: in canonical form.
    mutating func add(_ other: CommentedItem) {
        item.following += other.following
        for section in ["commands", "confs", "events"] {
            guard let index = other.value.items.firstIndex(where: { $0.key == section }) else { continue }
            let added = other.value.items[index]
            guard let own = filter.items.firstIndex(where: { $0.key == section }) else {
                filter.items.append(added)
                continue
            }
            filter.items[own].leading += added.leading
            filter.items[own].following += added.following
            for entry in added.value.items { add(entry, to: own, isEvent: section == "events") }
        }
    }

    /// Sets what concerns a filter as a whole.
    mutating func setFlags(of policy: Policy) {
        filter["tor-browser-mode"] = policy.torBrowserMode ? CommentedNode(.boolean(true)) : nil
        filter["only-own-onions"] = policy.onlyOwnOnions ? CommentedNode(.boolean(true)) : nil
        filter["own-listeners"] = policy.ownListeners.map { listeners in
            listeners.grace == 0
                ? CommentedNode(.boolean(true)) : .mapping([("within", .text("\(listeners.grace)"))])
        }
        filter["mode"] = policy.mode == .complain ? .text("complain") : nil
    }

    /// Takes over who the filter is for.
    mutating func setClients(of other: CommentedItem) {
        let keys = Qualifier.allCases.map(\.rawValue)
        filter.items.removeAll { $0.key.map(keys.contains) == true }
        filter.items += other.value.items.filter { $0.key.map(keys.contains) == true }
    }

    private mutating func add(_ entry: CommentedItem, to section: Int, isEvent: Bool) {
        var items = filter.items[section].value.items
        guard let own = items.firstIndex(where: { $0.key?.lowercased() == entry.key?.lowercased() }) else {
            // `commands:` with nothing below it becomes a mapping.
            filter.items[section].value = CommentedNode(.mapping(items + [entry]))
            return
        }
        let comments = entry.leading + (entry.trailing.map { [.comment($0)] } ?? [])
        if isEvent {
            items[own].leading += comments
            items[own].value = Self.event(items[own].value, entry.value)
        } else {
            var rules = items[own].value.items
            for (index, rule) in entry.value.items.enumerated() {
                if let first = rules.first(where: { $0.value == rule.value }) {
                    repeated(rule, first)
                    continue
                }
                var rule = rule
                if index == 0 { rule.leading = comments + rule.leading }
                rules.append(rule)
            }
            if !rules.isEmpty { items[own].value = CommentedNode(.list(rules)) }
        }
        items[own].following += entry.following
        filter.items[section].value.items = items
    }

    private mutating func repeated(_ rule: CommentedItem, _ first: CommentedItem) {
        guard let location = rule.location, let place = first.location else { return }
        remarks.append(
            Diagnostic(
                .note, .repeatedRule, at: location, "this is left out: \(place.file):\(place.line) has the same"))
    }

    /// The elements of an event's `response`, in either of its forms.
    private static func lines(of event: CommentedNode) -> [CommentedItem] {
        guard let response = event["response"] else { return [] }
        return response["lines"]?.items ?? (response["otherwise"] == nil ? response.items : [])
    }

    private static func event(_ first: CommentedNode, _ second: CommentedNode) -> CommentedNode {
        let isOn = CommentedNode(.boolean(true))
        var event = CommentedNode(.mapping([]))
        if first["suppress"] == isOn, second["suppress"] == isOn { event["suppress"] = isOn }
        var response = lines(of: first)
        for rewrite in lines(of: second) where !response.contains(where: { $0.value == rewrite.value }) {
            response.append(rewrite)
        }
        let list = CommentedNode(.list(response))
        if [first, second].contains(where: { $0["response"]?["otherwise"] == .text("drop") }) {
            event["response"] = .mapping([("lines", list), ("otherwise", .text("drop"))])
        } else if !response.isEmpty {
            event["response"] = list
        }
        return event.items.isEmpty ? CommentedNode(.nothing) : event
    }
}
