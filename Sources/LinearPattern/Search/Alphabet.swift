/// The bytes that a search tries: one of each class that no automaton of the search tells apart.
public enum Alphabet: Sendable {
    /// Space to tilde: all that a command line may hold.
    case printable
    case anyByte

    /// The representatives, those a person likes to read first.
    func representatives(telling sets: Set<ByteSet>) -> [UInt8] {
        let sets = Array(sets)
        var seen = Set<[Bool]>()
        return bytes.filter { byte in seen.insert(sets.map { $0.contains(byte) }).inserted }
    }

    private var bytes: [UInt8] {
        let printable = Array(UInt8(ascii: " ")...UInt8(ascii: "~"))
        let letters = printable.filter { ByteSet.letters.contains($0) && $0 >= UInt8(ascii: "a") }
        let capitals = printable.filter { ByteSet.letters.contains($0) && $0 < UInt8(ascii: "a") }
        let digits = printable.filter(ByteSet.digits.contains)
        let others = printable.filter { !ByteSet.digits.union(.letters).contains($0) }
        let readable = letters + Array(digits.dropFirst() + digits.prefix(1)) + capitals + others
        switch self {
        case .printable: return readable
        case .anyByte: return readable + Array(UInt8.min...UInt8.max).filter { !readable.contains($0) }
        }
    }
}
