/// Follows an automaton from the input's start: which states can be reached, hence which rule accepts.
struct Forward: Determinization {
    struct Content: Hashable, Sendable {
        /// The states that take a byte; ordered where contents are compared.
        var states: [Automaton.StateID]
        /// The first rule that accepts if the input ends here.
        var rule: Int32?
    }

    struct Scratch {
        var seen: [Bool]
        var reached: [Automaton.StateID]
        var open: [Automaton.StateID]
        /// How many states have been reached so far, in all steps together.
        var work = 0
    }

    let automaton: Automaton

    init(_ automaton: Automaton) {
        self.automaton = automaton
    }

    func makeScratch() -> Scratch {
        Scratch(seen: Array(repeating: false, count: automaton.states.count), reached: [], open: [])
    }

    func start(_ scratch: inout Scratch) -> Content {
        for state in automaton.starts { reach(state, &scratch) }
        return takeContent(from: &scratch)
    }

    func step(_ content: Content, _ byte: UInt8, _ scratch: inout Scratch) -> Content {
        for state in content.states {
            if case .byte(let set, let next) = automaton.states[Int(state)], automaton.sets[Int(set)].contains(byte) {
                reach(next, &scratch)
            }
        }
        return takeContent(from: &scratch)
    }

    func normalize(_ content: inout Content) { content.states.sort() }

    func isDead(_ content: Content) -> Bool { content.states.isEmpty && content.rule == nil }

    func size(of content: Content) -> Int { 64 + 4 * content.states.count }

    private func reach(_ state: Automaton.StateID, _ scratch: inout Scratch) {
        if scratch.seen[Int(state)] { return }
        scratch.seen[Int(state)] = true
        scratch.reached.append(state)
        scratch.open.append(state)
    }

    /// What has been reached, followed as far as it goes without a byte. Leaves the scratch empty.
    private func takeContent(from scratch: inout Scratch) -> Content {
        var content = Content(states: [], rule: nil)
        content.states.reserveCapacity(scratch.open.count)
        while let state = scratch.open.popLast() {
            switch automaton.states[Int(state)] {
            case .byte: content.states.append(state)
            case .split(let first, let second):
                reach(first, &scratch)
                reach(second, &scratch)
            case .save(_, let next): reach(next, &scratch)
            case .accept(let rule): content.rule = min(rule, content.rule ?? rule)
            }
        }
        scratch.work += scratch.reached.count
        for state in scratch.reached { scratch.seen[Int(state)] = false }
        scratch.reached.removeAll(keepingCapacity: true)
        return content
    }
}
