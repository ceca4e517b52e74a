import Glibc

/// Cryptographic randomness, from the kernel.
enum Random {
    /// 32 bytes for one use.
    static func nonce() -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 32)
        // Does not fail for so few, once the system has begun (getentropy(3)).
        let code = nonce.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        precondition(code == 0, "the kernel gives no random bytes")
        return nonce
    }
}
