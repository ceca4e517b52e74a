/// The bytes that an automaton never tells apart, as one class each: a table by class is far smaller than one by byte.
struct ByteClasses: Sendable {
    /// The class of each of the 256 bytes.
    let classOf: [UInt8]
    /// One byte of each class.
    let representatives: [UInt8]

    var count: Int { representatives.count }

    init(telling sets: some Sequence<ByteSet>) {
        var classOf = [Int](repeating: 0, count: 256)
        var count = 1
        for set in sets {
            // Each class that the set cuts in two: the class of its members inside of the set.
            var inside = [Int?](repeating: nil, count: count)
            var outside = [Bool](repeating: false, count: count)
            for byte in UInt8.min...UInt8.max where !set.contains(byte) { outside[classOf[Int(byte)]] = true }
            for byte in UInt8.min...UInt8.max where set.contains(byte) {
                let old = classOf[Int(byte)]
                guard outside[old] else { continue }
                let new = inside[old] ?? count
                if inside[old] == nil { count += 1 }
                inside[old] = new
                classOf[Int(byte)] = new
            }
        }
        var representatives = [UInt8](repeating: 0, count: count)
        for byte in UInt8.min...UInt8.max { representatives[classOf[Int(byte)]] = byte }
        self.classOf = classOf.map { UInt8($0) }
        self.representatives = representatives
    }
}
