import Dispatch

/// Detects a tor that owes a reply and stays silent. Confined to its loop's queue.
///
/// It costs next to nothing for each command: one timer is set when a reply is waited for, and looks what has become of
/// it once it goes off.
final class ReplyWatch {
    private let timeout: DispatchTimeInterval
    private let loop: EventLoop
    private let histogram: DurationHistogram
    private let onTimeout: () -> Void
    /// Since when tor is waited for and has said nothing.
    private var silence: DispatchTime?
    private var timer: Deadline?

    /// - Parameters:
    ///   - timeout: how long tor may say nothing; `.never` to wait for ever.
    ///   - histogram: gets how long tor took each time.
    ///   - onTimeout: called once at most.
    init(
        timeout: DispatchTimeInterval, in loop: EventLoop, histogram: DurationHistogram, onTimeout: @escaping () -> Void
    ) {
        self.timeout = timeout
        self.loop = loop
        self.histogram = histogram
        self.onTimeout = onTimeout
    }

    /// Says whether tor is waited for; it is not while we do not listen.
    func record(isWaiting: Bool) {
        guard isWaiting else {
            silence = nil
            return
        }
        if silence == nil { silence = .now() }
        if timer == nil, timeout != .never { look(after: timeout) }
    }

    /// Tor has said something.
    func heard() {
        guard let silence else { return }
        let now = DispatchTime.now()
        histogram.add(from: silence, to: now)
        self.silence = now
    }

    /// Watches no more.
    func cancel() {
        silence = nil
        timer = nil
    }

    private func look(after interval: DispatchTimeInterval) {
        timer = Deadline(after: interval, in: loop) { [self] in
            timer = nil
            guard let silence else { return }
            let end = silence + timeout
            let now = DispatchTime.now()
            guard end <= now else {
                return look(after: .nanoseconds(Int(clamping: end.uptimeNanoseconds - now.uptimeNanoseconds)))
            }
            onTimeout()
        }
    }
}
