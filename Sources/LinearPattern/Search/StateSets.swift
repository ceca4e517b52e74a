/// One pattern's deterministic automaton, of which no more is made than is asked for; each of its states is known by a number.
///
/// The number 0 stands for the state from which nothing is accepted.
struct StateSets {
    private let rules: Forward
    private var scratch: Forward.Scratch
    private var numbers: [Forward.Content: Int32] = [:]
    private var contents = [Forward.Content(states: [], rule: nil)]
    /// By state, and then by byte; -1 where it has not been asked for.
    private var steps: [[Int32]] = [[Int32](repeating: 0, count: 256)]
    private(set) var start: Int32 = 0

    init(_ automaton: Automaton) {
        rules = Forward(automaton)
        scratch = rules.makeScratch()
        start = number(of: rules.start(&scratch))
    }

    func accepts(_ state: Int32) -> Bool { contents[Int(state)].rule != nil }

    /// Where `byte` leads.
    mutating func step(_ state: Int32, _ byte: UInt8) -> Int32 {
        let known = steps[Int(state)][Int(byte)]
        if known >= 0 { return known }
        let result = number(of: rules.step(contents[Int(state)], byte, &scratch))
        steps[Int(state)][Int(byte)] = result
        return result
    }

    private mutating func number(of reached: Forward.Content) -> Int32 {
        if rules.isDead(reached) { return 0 }
        var content = reached
        rules.normalize(&content)
        if let known = numbers[content] { return known }
        let number = Int32(contents.count)
        numbers[content] = number
        contents.append(content)
        steps.append([Int32](repeating: -1, count: 256))
        return number
    }
}
