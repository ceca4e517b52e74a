import Dispatch
import Synchronization
import Testing

@testable import ProxyServer

/// Work on threads of its own: all of it is done, and never more of it at once than is allowed.
struct WorkLimiterTests {
    @Test("All work is done, at most so much at once", arguments: [1, 3])
    func limit(running: Int) {
        let limiter = WorkLimiter(running: running, waiting: 10_000)
        let now = Atomic(0)
        let most = Atomic(0)
        let group = DispatchGroup()
        for _ in 0..<2000 {
            group.enter()
            let isTaken = limiter.run {
                let count = now.add(1, ordering: .relaxed).newValue
                most.max(count, ordering: .relaxed)
                now.subtract(1, ordering: .relaxed)
                group.leave()
            }
            #expect(isTaken)
        }
        group.wait()
        #expect((1...running).contains(most.load(ordering: .relaxed)))
    }

    @Test("No more waits than may, and work that is refused is not done")
    func refusal() {
        let limiter = WorkLimiter(running: 1, waiting: 2)
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let done = Atomic(0)
        #expect(
            limiter.run {
                begun.signal()
                goOn.wait()
            })
        begun.wait()
        let group = DispatchGroup()
        for _ in 0..<2 {
            group.enter()
            #expect(
                limiter.run {
                    done.add(1, ordering: .relaxed)
                    group.leave()
                })
        }
        #expect(!limiter.run { done.add(1, ordering: .relaxed) })
        goOn.signal()
        group.wait()
        #expect(done.load(ordering: .relaxed) == 2)
    }

    @Test("A thread that waits for work keeps nothing of what it did")
    func releasesWork() async {
        final class Token: Sendable {
            let onEnd: @Sendable () -> Void
            init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
            deinit { onEnd() }
        }
        let limiter = WorkLimiter(running: 1, waiting: 1)
        await withCheckedContinuation { done in
            let token = Token { done.resume() }
            _ = limiter.run { withExtendedLifetime(token) {} }
        }
    }
}
