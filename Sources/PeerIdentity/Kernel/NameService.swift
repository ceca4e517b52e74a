import Glibc

/// Names and numbers of users and groups, asked of the C library (getpwuid_r(3), nsswitch.conf(5)).
///
/// The answer may come from the network and take seconds, so nothing that others wait for may call this.
public enum NameService {
    /// Nil for a user without a name.
    static func name(ofUser uid: uid_t) -> String? {
        withGrowingBuffer { start, size in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwuid_r(uid, &entry, start, size, &found)
            return (code, found?.pointee.pw_name.map { String(cString: $0) })
        }
    }

    /// Nil for a group without a name.
    static func name(ofGroup gid: gid_t) -> String? {
        withGrowingBuffer { start, size in
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrgid_r(gid, &entry, start, size, &found)
            return (code, found?.pointee.gr_name.map { String(cString: $0) })
        }
    }

    /// Nil if there is no user of this name.
    public static func id(ofUser name: String) -> UInt32? {
        withGrowingBuffer { start, size in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwnam_r(name, &entry, start, size, &found)
            return (code, found?.pointee.pw_uid)
        }
    }

    /// Nil if there is no group of this name.
    public static func id(ofGroup name: String) -> UInt32? {
        withGrowingBuffer { start, size in
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrnam_r(name, &entry, start, size, &found)
            return (code, found?.pointee.gr_gid)
        }
    }

    /// Groups of many members need more room than sysconf(3) suggests.
    private static func withGrowingBuffer<Answer>(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (code: Int32, answer: Answer?)
    ) -> Answer? {
        var size = 4096
        while size <= 4 << 20 {
            let start = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { start.deallocate() }
            let (code, answer) = ask(start, size)
            if code != ERANGE { return code == 0 ? answer : nil }
            size *= 4
        }
        return nil
    }
}
