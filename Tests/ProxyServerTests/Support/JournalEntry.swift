import Foundation

/// An entry of the journal's native protocol, as the journal reads it.
struct JournalEntry {
    private(set) var fields: [String: String] = [:]

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                try add(line[..<equals], line[(equals + 1)...])
            } else {
                let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(8)
                guard rest.count > length, rest[rest.startIndex + length] == 0x0A else {
                    throw TestError("a field does not end where it says")
                }
                try add(line, rest.prefix(length))
                rest = rest.dropFirst(length + 1)
            }
        }
        guard rest.isEmpty else { throw TestError("the entry ends within a line") }
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws {
        let name = String(decoding: name, as: UTF8.self)
        guard fields.updateValue(String(decoding: value, as: UTF8.self), forKey: name) == nil else {
            throw TestError("two fields \(name)")
        }
    }
}
