import Synchronization

/// What finds the groups of one pattern, made when they are first asked for: most patterns only decide.
final class Capturer: Sendable {
    private enum Way: Sendable {
        case tagged(TaggedDFA)
        case search(LazyDFA<Backward>)
    }

    private final class Choice: Sendable {
        let way: Way
        init(_ way: Way) { self.way = way }
    }

    private let automaton: Automaton
    private let groupCount: Int
    private let capacity: Int
    private let choice = AtomicLazyReference<Choice>()

    /// - Parameter capacity: bytes of memory for what a search learns about matching.
    init(_ automaton: Automaton, groupCount: Int, capacity: Int) {
        self.automaton = automaton
        self.groupCount = groupCount
        self.capacity = capacity
    }

    /// What each group took, or nil where the whole of `input` does not match. O(`input.count`).
    func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        // Of two threads that choose at once, one is heard.
        switch (choice.load() ?? choice.storeIfNil(Choice(chooseWay()))).way {
        case .tagged(let tagged): return tagged.captures(input)
        case .search(let backward):
            var search = CaptureSearch(backward, input, groupCount: groupCount)
            return search.run()
        }
    }

    private func chooseWay() -> Way {
        if let tagged = TaggedDFA(automaton, groupCount: groupCount) { return .tagged(tagged) }
        return .search(LazyDFA(Backward(automaton), capacity: capacity))
    }
}
