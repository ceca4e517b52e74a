/// Randomness fit for secrets: the kernel's.
enum Random {
    /// 32 bytes for one use.
    static func nonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
