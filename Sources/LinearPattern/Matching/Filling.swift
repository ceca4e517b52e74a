import Synchronization

/// The states of a `LazyDFA`, up to the memory that they may take.
///
/// Unchecked: rows live as long as the filling, and each of their cells is atomic; a row's address is stored with release
/// order when all of the row is written, and loaded with acquire order. Everything that changes otherwise is used under the
/// lock of the `LazyDFA` alone.
final class Filling<Rules: Determinization>: @unchecked Sendable {
    /// A state: for each byte class a cell that tells the target, and behind these the address of its `Node`.
    typealias Row = UnsafeMutablePointer<Atomic<UInt>>

    /// What a row stands for.
    final class Node: Sendable {
        let content: Rules.Content
        init(_ content: Rules.Content) { self.content = content }
    }

    /// Where a byte leads. Unchecked: what is behind the address of a row is atomic.
    enum Target: @unchecked Sendable {
        case row(Row)
        /// Nothing is accepted any more.
        case dead
    }

    /// In a cell: not known yet. Any other value but `deadCell` is the address of a row.
    static var unknownCell: UInt { 0 }
    static var deadCell: UInt { 1 }

    let start: Target
    /// The class of each of the 256 bytes.
    let classOf: UnsafePointer<UInt8>

    private let rules: Rules
    private let classCount: Int
    private let capacity: Int
    private var size = 0
    private var rows: [Rules.Content: Row] = [:]
    private var nodes: [Node] = []
    private var scratch: Rules.Scratch

    init(_ rules: Rules, capacity: Int) {
        self.rules = rules
        self.capacity = capacity
        var scratch = rules.makeScratch()
        var content = rules.start(&scratch)
        rules.normalize(&content)
        self.scratch = scratch
        let byteClasses = ByteClasses(telling: rules.automaton.sets)
        classCount = byteClasses.count
        let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        for byte in 0..<256 { (classes + byte).initialize(to: byteClasses.classOf[byte]) }
        classOf = UnsafePointer(classes)
        guard !rules.isDead(content) else {
            start = .dead
            return
        }
        let node = Node(content)
        let row = Self.makeRow(for: node, classes: classCount)
        start = .row(row)
        rows[node.content] = row
        nodes = [node]
    }

    deinit {
        classOf.deallocate()
        for row in rows.values {
            row.deinitialize(count: classCount + 1)
            row.deallocate()
        }
    }

    private static func makeRow(for node: Node, classes: Int) -> Row {
        let row = Row.allocate(capacity: classes + 1)
        for cell in 0..<classes { (row + cell).initialize(to: Atomic(unknownCell)) }
        (row + classes).initialize(to: Atomic(UInt(bitPattern: Unmanaged.passUnretained(node).toOpaque())))
        return row
    }

    /// Alive as long as the filling.
    func node(of row: Row) -> Unmanaged<Node>? {
        let address = row[classCount].load(ordering: .relaxed)
        return UnsafeRawPointer(bitPattern: address).map { Unmanaged.fromOpaque($0) }
    }

    /// Where `byte` leads from `row`; nil if that is not known yet.
    func knownTransition(from row: Row, _ byte: UInt8) -> Target? {
        let cell = row[Int(classOf[Int(byte)])].load(ordering: .acquiring)
        if cell == Self.deadCell { return .dead }
        return Row(bitPattern: cell).map { .row($0) }
    }

    func makeTransition(from row: Row, _ byte: UInt8) -> Target? {
        if let known = knownTransition(from: row, byte) { return known }
        guard let node = node(of: row) else { return nil }
        let content = node._withUnsafeGuaranteedRef { rules.step($0.content, byte, &scratch) }
        guard let target = target(for: content) else { return nil }
        let cell =
            switch target {
            case .dead: Self.deadCell
            case .row(let next): UInt(bitPattern: next)
            }
        row[Int(classOf[Int(byte)])].store(cell, ordering: .releasing)
        return target
    }

    func target(for content: Rules.Content) -> Target? {
        if rules.isDead(content) { return .dead }
        var content = content
        rules.normalize(&content)
        if let row = rows[content] { return .row(row) }
        let added = rules.size(of: content) + (classCount + 1) * MemoryLayout<UInt>.stride
        guard size + added <= capacity else { return nil }
        size += added
        let node = Node(content)
        let row = Self.makeRow(for: node, classes: classCount)
        rows[content] = row
        nodes.append(node)
        return .row(row)
    }
}
