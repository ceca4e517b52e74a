import Glibc
import JSONText

/// `onion-grater top`: asks the daemon again and again, and shows what happens. A daemon that restarts or does not answer is
/// asked again until it does, or the person quits.
struct Top {
    let path: String
    /// Between two questions, at least 0.1.
    let seconds: Double

    private var order = TopOrder.commands
    private var offset = 0
    private var showsHelp = false
    private var failure: AdminFailure?
    private var earlier: TopSample?
    private var latest: TopSample?

    init(path: String, seconds: Double) {
        self.path = path
        self.seconds = seconds
    }

    /// Runs until the person quits. Throws if there is no terminal, or no daemon at the start.
    mutating func run() throws(AdminFailure) {
        refresh()
        if let failure { throw failure }
        let terminal = try Terminal.own()
        var due = Self.now + seconds
        while true {
            let size = terminal.size
            var screen = TopScreen(columns: size.columns, rows: size.rows)
            (screen.order, screen.offset, screen.showsHelp) = (order, offset, showsHelp)
            screen.failure = failure?.description
            terminal.show(screen.lines(latest, since: earlier))
            switch terminal.wait(milliseconds: Int32(max(due - Self.now, 0) * 1000)) {
            case .ended: return
            case .resized: continue
            case .timeout:
                refresh()
                due = Self.now + seconds
            case .keys(let bytes):
                for key in TopKey.parse(bytes) {
                    switch key {
                    case .quit: return
                    case .sort(let order): (self.order, offset) = (order, 0)
                    case .scroll(let lines):
                        offset = min(max(offset + lines, 0), max((latest?.sessions.count ?? 0) - 1, 0))
                    case .help: showsHelp.toggle()
                    case .suspend: terminal.suspend()
                    case .refresh:
                        refresh()
                        due = Self.now + seconds
                    }
                }
            }
        }
    }

    /// The person can quit even while the daemon hangs.
    private mutating func refresh() {
        do throws(AdminFailure) {
            let call = try AdminCall(path: path, patience: 1)
            try call.send("status")
            let status = try call.receiveAnswer().answer["status"]
            (earlier, latest) = (latest, TopSample(status ?? .null, at: Self.now))
            failure = nil
        } catch {
            failure = error
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
