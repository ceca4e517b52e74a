import Synchronization

/// What finds the groups of one pattern, made when they are first asked for: most patterns only decide.
final class Capturer: Sendable {
    private enum Way: Sendable {
        case onePass(OnePass)
        case search(LazyDFA<Backward>)
    }

    private let automaton: Automaton
    private let groupCount: Int
    private let capacity: Int
    private let way = Mutex<Way?>(nil)

    /// - Parameter capacity: bytes of memory for what a search learns about matching.
    init(_ automaton: Automaton, groupCount: Int, capacity: Int) {
        self.automaton = automaton
        self.groupCount = groupCount
        self.capacity = capacity
    }

    /// What each group took, or nil where the whole of `input` does not match. O(`input.count`).
    func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        switch chooseWay() {
        case .onePass(let onePass): return onePass.captures(input)
        case .search(let backward):
            var search = CaptureSearch(backward, input, groupCount: groupCount)
            return search.run()
        }
    }

    private func chooseWay() -> Way {
        way.withLock { way in
            if let way { return way }
            let chosen: Way =
                if let onePass = OnePass(automaton, groupCount: groupCount) {
                    .onePass(onePass)
                } else {
                    .search(LazyDFA(Backward(automaton), capacity: capacity))
                }
            way = chosen
            return chosen
        }
    }
}
