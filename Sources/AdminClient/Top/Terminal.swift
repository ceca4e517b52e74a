import CLinux
import Glibc
import PeerIdentity

/// The terminal while a program owns its whole screen: keys arrive as they are pressed, nothing is echoed, and what was on the
/// screen comes back when this ends. Signals that end or resize arrive as events, so that nothing leaves the terminal as it is.
struct Terminal: ~Copyable {
    /// What a wait ended with.
    enum Event: Equatable {
        case keys([UInt8])
        case resized
        /// SIGINT, SIGTERM or SIGHUP, or the terminal is gone.
        case ended
        case timeout
    }

    private let original: termios
    private let signals: FileDescriptor

    private static let enterSequence = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    private static let leaveSequence = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// The terminal of this process. Throws if standard input or output is none.
    static func own() throws(AdminFailure) -> Terminal {
        var settings = termios()
        guard isatty(STDOUT_FILENO) != 0, tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw AdminFailure("top needs a terminal; \"onion-grater status\" prints the same once")
        }
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGWINCH] { sigaddset(&set, signal) }
        let raw = signalfd(-1, &set, Int32(O_CLOEXEC))
        guard raw >= 0 else { throw AdminFailure("cannot wait for signals: \(ErrorNumber.text(errno))") }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        return Terminal(original: settings, signals: FileDescriptor(owning: raw))
    }

    private init(original: termios, signals: consuming FileDescriptor) {
        self.original = original
        self.signals = signals
        enter()
    }

    deinit {
        var original = original
        StandardStream.output.write(Array(Self.leaveSequence.utf8))
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &original)
    }

    /// Columns and rows; 80 x 24 where the terminal does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Shows `lines` in place of what is on the screen, in one write.
    func show(_ lines: [String]) {
        var text = "\u{1B}[H"
        for (index, line) in lines.enumerated() {
            if index > 0 { text += "\r\n" }
            text += line + "\u{1B}[K"
        }
        StandardStream.output.write(Array((text + "\u{1B}[J").utf8))
    }

    /// Gives the terminal back to the shell, and takes it again when the program is continued.
    func suspend() {
        var settings = original
        StandardStream.output.write(Array(Self.leaveSequence.utf8))
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        kill(getpid(), SIGSTOP)
        enter()
    }

    /// Waits for a key, a signal, or so many milliseconds.
    func wait(milliseconds: Int32) -> Event {
        var polled = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&polled, 2, milliseconds)
        guard count > 0 else { return count < 0 && errno != EINTR ? .ended : .timeout }
        if polled[1].revents != 0 {
            var information = signalfd_siginfo()
            guard read(signals.rawValue, &information, MemoryLayout<signalfd_siginfo>.size) > 0 else { return .timeout }
            return Int32(information.ssi_signo) == SIGWINCH ? .resized : .ended
        }
        var keys = [UInt8](repeating: 0, count: 64)
        let length = read(STDIN_FILENO, &keys, keys.count)
        return length > 0 ? .keys(Array(keys[..<length])) : .ended
    }

    private func enter() {
        var settings = original
        cfmakeraw(&settings)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        StandardStream.output.write(Array(Self.enterSequence.utf8))
    }
}
