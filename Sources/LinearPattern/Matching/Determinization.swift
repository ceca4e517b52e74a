/// A way of following all states of a nondeterministic automaton at once: one of its contents becomes one state of a
/// deterministic automaton.
protocol Determinization: Sendable {
    /// What is known after some bytes.
    associatedtype Content: Hashable, Sendable
    /// Memory for `step`, to be used again.
    associatedtype Scratch

    var automaton: Automaton { get }
    func makeScratch() -> Scratch
    /// What is known before any byte.
    func start(_ scratch: inout Scratch) -> Content
    /// O(states of the automaton).
    func step(_ content: Content, _ byte: UInt8, _ scratch: inout Scratch) -> Content
    /// Gives contents that mean the same one form.
    func normalize(_ content: inout Content)
    /// Whether every further byte leads to the same content again.
    func isDead(_ content: Content) -> Bool
    /// The memory that a content takes, in bytes.
    func size(of content: Content) -> Int
}
