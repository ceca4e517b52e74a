import Glibc

/// How far work has come that takes more than a second: one line on standard error, if that is a terminal, which is gone at the
/// end. Elsewhere nothing is written.
struct Progress: Sendable {
    private let what: String
    private let total: Int
    private let isShown: Bool
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void
    private var due: Double
    private var isVisible = false

    static var isAtTerminal: Bool { isatty(STDERR_FILENO) != 0 }

    /// In seconds: how long nothing is said, and then between two lines.
    private static let (patience, pause) = (1.0, 0.1)

    /// - Parameters:
    ///   - what: of which there are `total`, in the plural.
    ///   - isShown: whether anybody sees it.
    ///   - now: seconds on a clock that never goes back.
    init(
        _ what: String, of total: Int, isShown: Bool = Self.isAtTerminal,
        now: @escaping @Sendable () -> Double = { Self.seconds },
        write: @escaping @Sendable (String) -> Void = { OutputStream.error.write($0) }
    ) {
        self.what = what
        self.total = total
        self.isShown = isShown
        self.now = now
        self.write = write
        due = now() + Self.patience
    }

    /// So many are done.
    mutating func advance(to done: Int) {
        guard isShown, now() >= due else { return }
        due = now() + Self.pause
        isVisible = true
        write("\r\(done) of \(total) \(what)\u{1B}[K")
    }

    /// Takes the line away. What follows begins where it was.
    mutating func end() {
        if isVisible { write("\r\u{1B}[K") }
        isVisible = false
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
