extension Language {
    /// A string of the language, to show to a person: the shortest there is, and of these the most readable. Nil if there is
    /// none. O(transitions).
    ///
    /// Letters are more readable than digits, these than other printable characters, and these than the space; all other
    /// bytes come last.
    public var witness: [UInt8]? {
        let distances = automaton.distancesToAcceptance()
        guard distances[0] != nil else { return nil }
        let bytes = automaton.classBytes.map { set in Self.byReadability.first { set.contains($0) } ?? 0 }

        let preferred = bytes.indices.sorted { Self.rank[Int(bytes[$0])] < Self.rank[Int(bytes[$1])] }

        // For each state on a shortest way: the class to take, and what the rest costs. Nearest states first.
        var choices = [(byteClass: Int, cost: Int)](repeating: (0, 0), count: automaton.stateCount)
        let states = automaton.accepting.indices.filter { distances[$0] != nil }
            .sorted { (distances[$0] ?? 0, $0) < (distances[$1] ?? 0, $1) }
        for state in states {
            guard let distance = distances[state], distance > 0 else { continue }
            var best: (byteClass: Int, cost: Int)?
            for byteClass in preferred {
                let target = Int(automaton.target(from: Int32(state), class: byteClass))
                guard distances[target] == distance - 1 else { continue }
                let cost = choices[target].cost + Self.cost(of: bytes[byteClass])
                if let known = best, known.cost <= cost { continue }
                best = (byteClass, cost)
            }
            choices[state] = best ?? (0, 0)
        }

        var witness: [UInt8] = []
        var state = 0
        while let distance = distances[state], distance > 0 {
            let byteClass = choices[state].byteClass
            witness.append(bytes[byteClass])
            state = Int(automaton.target(from: Int32(state), class: byteClass))
        }
        return witness
    }

    /// All bytes, the most readable first, lower case before upper case.
    private static let byReadability: [UInt8] = (UInt8.min...UInt8.max).sorted { first, second in
        (cost(of: first), ~first & 0x20, first) < (cost(of: second), ~second & 0x20, second)
    }

    /// The place of each byte in `byReadability`.
    private static let rank: [Int] = {
        var rank = [Int](repeating: 0, count: 256)
        for (place, byte) in byReadability.enumerated() { rank[Int(byte)] = place }
        return rank
    }()

    private static func cost(of byte: UInt8) -> Int {
        switch byte {
        case _ where ByteSet.letters.contains(byte): 0
        case _ where ByteSet.digits.contains(byte): 1
        case 0x21...0x7E: 2
        case 0x20: 3
        default: 1_000
        }
    }
}

extension DeterministicAutomaton {
    /// For each state the length of the shortest string that it accepts; nil if there is none.
    fileprivate func distancesToAcceptance() -> [Int?] {
        var sources = [[Int]](repeating: [], count: stateCount)
        for state in 0..<stateCount {
            for target in Set(targets[state * classCount..<(state + 1) * classCount]) {
                sources[Int(target)].append(state)
            }
        }
        var distances: [Int?] = accepting.map { $0 ? 0 : nil }
        var queue = accepting.indices.filter { accepting[$0] }
        var done = 0
        while done < queue.count {
            let state = queue[done]
            done += 1
            for source in sources[state] where distances[source] == nil {
                distances[source] = distances[state].map { $0 + 1 }
                queue.append(source)
            }
        }
        return distances
    }
}
