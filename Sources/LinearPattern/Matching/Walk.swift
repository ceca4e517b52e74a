/// One input's way through a `LazyDFA`.
struct Walk<Rules: Determinization> {
    typealias Node = Filling<Rules>.Node

    private enum Place {
        case row(Filling<Rules>.Row)
        /// There is no room for more rows: from now on by contents.
        case node(Node)
        case dead
    }

    private let automaton: LazyDFA<Rules>
    private var filling: Filling<Rules>
    /// The filling that was full. It keeps its nodes alive, and tells that this walk has had its fresh one.
    private var exhausted: Filling<Rules>?
    private var place: Place
    private var scratch: Rules.Scratch?

    init(_ automaton: LazyDFA<Rules>) {
        self.automaton = automaton
        filling = automaton.filling()
        place = Self.start(of: filling)
    }

    /// Goes back to where every input begins.
    mutating func restart() {
        if exhausted != nil {
            exhausted = nil
            filling = automaton.filling()
        }
        place = Self.start(of: filling)
    }

    private static func start(of filling: Filling<Rules>) -> Place {
        switch filling.start {
        case .row(let row): .row(row)
        case .dead: .dead
        }
    }

    /// What is known at this place; nil if nothing is accepted any more. Alive as long as the walk, or, where `isByContent`,
    /// as long as it stays here.
    var node: Unmanaged<Node>? {
        switch place {
        case .row(let row): filling.node(of: row)
        case .node(let node): Unmanaged.passUnretained(node)
        case .dead: nil
        }
    }

    /// Whether the walk is at a node of its own, for want of room.
    var isByContent: Bool {
        if case .node = place { true } else { false }
    }

    /// Goes back, or on, to where `node` was.
    mutating func resume(at node: Node) {
        switch automaton.target(for: node.content, in: filling) {
        case .row(let row): place = .row(row)
        case .dead: place = .dead
        case nil: place = .node(node)
        }
    }

    /// Takes all of `input`. O(`input.count`), with no lock where all transitions are known.
    mutating func take(_ input: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < input.count {
            switch place {
            case .row(var row):
                let classOf = filling.classOf
                while index < input.count {
                    let cell = row[Int(classOf[Int(input[index])])].load(ordering: .acquiring)
                    guard cell > Filling<Rules>.deadCell, let next = Filling<Rules>.Row(bitPattern: cell) else { break }
                    row = next
                    index += 1
                }
                place = .row(row)
                if index == input.count { return }
            case .node: break
            case .dead: return
            }
            take(input[index])
            index += 1
        }
    }

    mutating func take(_ byte: UInt8) {
        switch place {
        case .dead: return
        case .node(let node): takeByContent(byte, from: node)
        case .row(let row):
            let target = filling.knownTransition(from: row, byte) ?? automaton.transition(from: row, byte, in: filling)
            switch target {
            case .row(let next): place = .row(next)
            case .dead: place = .dead
            case nil: leave(row, byte)
            }
        }
    }

    /// The filling is full: goes on in a fresh one, or by content if this walk has had that.
    private mutating func leave(_ row: Filling<Rules>.Row, _ byte: UInt8) {
        guard let node = filling.node(of: row)?.takeUnretainedValue() else {
            place = .dead
            return
        }
        if exhausted == nil {
            exhausted = filling
            filling = automaton.filling(insteadOf: filling)
            resume(at: node)
            take(byte)
        } else {
            takeByContent(byte, from: node)
        }
    }

    private mutating func takeByContent(_ byte: UInt8, from node: Node) {
        var scratch = self.scratch.take() ?? automaton.rules.makeScratch()
        let content = automaton.rules.step(node.content, byte, &scratch)
        self.scratch = scratch
        place = automaton.rules.isDead(content) ? .dead : .node(Node(content))
    }
}

extension Walk where Rules == Backward {
    /// Takes the bytes of `input` before `index`, the last one first, as long as their transitions are known; at least one of them.
    /// Returns the index of the byte taken last, nil where nothing is accepted any more. Puts into `nodes`, at the index of each byte,
    /// what is known there.
    mutating func takeBackwards(
        _ input: UnsafeBufferPointer<UInt8>, before end: Int, noting nodes: UnsafeMutableBufferPointer<Unmanaged<Node>>
    ) -> Int? {
        var index = end
        if case .row(var row) = place {
            let classOf = filling.classOf
            while index > 0 {
                let cell = row[Int(classOf[Int(input[index - 1])])].load(ordering: .acquiring)
                guard cell > Filling<Rules>.deadCell, let next = Filling<Rules>.Row(bitPattern: cell),
                    let node = filling.node(of: next)
                else { break }
                row = next
                index -= 1
                nodes.initializeElement(at: index, to: node)
            }
            place = .row(row)
        }
        if index < end { return index }
        take(input[index - 1])
        guard let node else { return nil }
        nodes.initializeElement(at: index - 1, to: node)
        return index - 1
    }
}

extension Walk where Rules == Forward {
    /// The first rule that accepts what has been taken.
    var rule: Int? {
        node?._withUnsafeGuaranteedRef { $0.content.rule }.map { Int($0) }
    }
}
