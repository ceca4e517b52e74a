import Dispatch

/// Notices a tor that owes a reply and says nothing. Confined to its session's queue.
///
/// It costs next to nothing for each command: one timer is set when a reply is waited for, and looks what has become of
/// it once it goes off.
final class ReplyWatch {
    private let timeout: DispatchTimeInterval
    private let queue: DispatchQueue
    private let onTimeout: () -> Void
    /// Since when tor is waited for and has said nothing.
    private var silence: DispatchTime?
    private var timer: Deadline?

    /// - Parameters:
    ///   - timeout: how long tor may say nothing; `.never` to wait for ever.
    ///   - onTimeout: called once at most.
    init(timeout: DispatchTimeInterval, on queue: DispatchQueue, onTimeout: @escaping () -> Void) {
        self.timeout = timeout
        self.queue = queue
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
        if silence != nil { silence = .now() }
    }

    /// Watches no more.
    func cancel() {
        silence = nil
        timer = nil
    }

    private func look(after interval: DispatchTimeInterval) {
        timer = Deadline(after: interval, on: queue) { [self] in
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
