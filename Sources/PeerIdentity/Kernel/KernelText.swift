/// Names that come from outside and end in logs and comparisons.
enum KernelText {
    /// The bytes as text; nil if they are not UTF-8 or hold control bytes, for then no profile can have named it.
    static func string(_ bytes: some Collection<UInt8>) -> String? {
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
