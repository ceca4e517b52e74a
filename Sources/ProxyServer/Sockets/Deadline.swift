import Dispatch

/// Calls its action on an event loop's queue after a while, unless it is let go of before. Confined to that queue.
final class Deadline {
    private let timers: DeadlineQueue
    private let action: () -> Void

    /// - Parameter interval: `.never` to wait forever.
    convenience init(after interval: DispatchTimeInterval, in loop: EventLoop, _ action: @escaping () -> Void) {
        self.init(at: interval == .never ? .distantFuture : .now() + interval, in: loop, action)
    }

    /// - Parameter time: `.distantFuture` to wait forever.
    init(at time: DispatchTime, in loop: EventLoop, _ action: @escaping () -> Void) {
        timers = loop.deadlines
        self.action = action
        if time != .distantFuture { timers.add(self, at: time) }
    }

    fileprivate func pass() { action() }

    deinit {
        timers.forgetOne()
    }
}

/// The deadlines of an event loop, on one timer of Dispatch's: of the many deadlines that are set with each session hardly one
/// passes, and to set and cancel a timer for each would wake up a thread every time.
///
/// Confined to the loop's queue.
final class DeadlineQueue {
    private struct Entry {
        let time: DispatchTime
        weak var deadline: Deadline?
    }

    /// A binary heap by time.
    private var entries: [Entry] = []
    private let timer: any DispatchSourceTimer
    /// What the timer is set to.
    private var alarm: DispatchTime?
    /// How many deadlines were let go of, or have passed, since `entries` was last cleared of such.
    private var forgotten = 0

    init(on queue: DispatchQueue) {
        timer = DispatchSource.makeTimerSource(queue: queue)
    }

    /// Begins. `stop` must follow.
    func start() {
        timer.setEventHandler { [weak self] in self?.ring() }
        timer.resume()
    }

    func stop() {
        timer.cancel()
    }

    fileprivate func add(_ deadline: Deadline, at time: DispatchTime) {
        entries.append(Entry(time: time, deadline: deadline))
        siftUp(entries.count - 1)
        setAlarm()
    }

    fileprivate func forgetOne() {
        forgotten += 1
        guard forgotten > 64 + entries.count / 2 else { return }
        forgotten = 0
        entries.removeAll { $0.deadline == nil }
        entries.sort { $0.time < $1.time }
    }

    private func ring() {
        alarm = nil
        let now = DispatchTime.now()
        while let first = entries.first, first.time <= now || first.deadline == nil {
            removeFirst()
            if first.time <= now { first.deadline?.pass() }
        }
        setAlarm()
    }

    /// Never later: what is too early finds nothing to do, and costs less than to set it each time.
    private func setAlarm() {
        guard let time = entries.first?.time, alarm.map({ time < $0 }) ?? true else { return }
        alarm = time
        timer.schedule(deadline: time)
    }

    private func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        siftDown()
    }

    private func siftUp(_ start: Int) {
        entries.withUnsafeMutableBufferPointer { heap in
            var index = start
            while index > 0, heap[index].time < heap[(index - 1) / 2].time {
                heap.swapAt(index, (index - 1) / 2)
                index = (index - 1) / 2
            }
        }
    }

    /// Swift 6.0 moves an array's checks out of this loop in now one way and now another, and what is packaged must be the same each time
    /// that it is built: so there are none.
    private func siftDown() {
        entries.withUnsafeMutableBufferPointer { heap in
            var index = 0
            while true {
                var least = index
                for child in [2 * index + 1, 2 * index + 2]
                where child < heap.count && heap[child].time < heap[least].time {
                    least = child
                }
                if least == index { return }
                heap.swapAt(index, least)
                index = least
            }
        }
    }
}
