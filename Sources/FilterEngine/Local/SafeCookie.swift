import CNettle

/// The HMACs of SAFECOOKIE authentication (control-spec, section 3.24), for either side of it.
public enum SafeCookie {
    /// What proves to a controller that the server knows the cookie. 32 bytes.
    public static func serverHash(cookie: [UInt8], clientNonce: [UInt8], serverNonce: [UInt8]) -> [UInt8] {
        hmac(key: "Tor safe cookie authentication server-to-controller hash", cookie + clientNonce + serverNonce)
    }

    /// What proves to a server that the controller knows the cookie. 32 bytes.
    public static func clientHash(cookie: [UInt8], clientNonce: [UInt8], serverNonce: [UInt8]) -> [UInt8] {
        hmac(key: "Tor safe cookie authentication controller-to-server hash", cookie + clientNonce + serverNonce)
    }

    /// Whether both are the same, in time that depends on their lengths alone.
    public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && nettle_memeql_sec(one, other, one.count) != 0
    }

    private static func hmac(key: StaticString, _ message: [UInt8]) -> [UInt8] {
        var context = hmac_sha256_ctx()
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_hmac_sha256_set_key(&context, key.utf8CodeUnitCount, key.utf8Start)
        nettle_hmac_sha256_update(&context, message.count, message)
        nettle_hmac_sha256_digest(&context, digest.count, &digest)
        return digest
    }
}
