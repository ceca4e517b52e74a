import Dispatch

/// Calls its action on a queue after a while, unless it is let go of before. Confined to that queue.
final class Deadline {
    private let timer: any DispatchSourceTimer

    init(after interval: DispatchTimeInterval, on queue: DispatchQueue, _ action: @escaping () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + interval)
        timer.setEventHandler { [timer] in
            timer.cancel()
            action()
        }
        timer.resume()
    }

    deinit {
        timer.cancel()
    }
}
