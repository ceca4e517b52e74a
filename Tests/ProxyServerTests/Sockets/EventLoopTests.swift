import Dispatch
import Glibc
import PeerIdentity
import Synchronization
import Testing

@testable import ProxyServer

/// What an event loop tells of its sockets, and when.
struct EventLoopTests {
    /// Both ends of a connection, one of them in a loop. Confined to the loop's queue once that is used.
    private final class Pair: EventLoop.Handler, @unchecked Sendable {
        let loop: EventLoop
        let inside: FileDescriptor
        let outside: FileDescriptor
        var registration = EventLoop.Registration()
        var onReady: (Pair, Epoll.Readiness) -> Void = { _, _ in }

        init(in loop: EventLoop) {
            var ends: [Int32] = [0, 0]
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
            inside = FileDescriptor(owning: ends[0])
            outside = FileDescriptor(owning: ends[1])
            self.loop = loop
        }

        func isReady(for readiness: Epoll.Readiness) { onReady(self, readiness) }

        func watch(for readiness: Epoll.Readiness) -> Int32 {
            registration.watch(inside, for: readiness, in: loop, handler: self)
        }

        func sendByte() { _ = send(outside.rawValue, "x", 1, 0) }
    }

    private let loop: EventLoop

    init() throws {
        loop = try EventLoop(label: "test")
    }

    @Test("A socket is told of again and again until it is read, and then no more")
    func levelTriggered() async {
        let pair = Pair(in: loop)
        let calls = Mutex(0)
        await withCheckedContinuation { done in
            loop.perform {
                pair.onReady = { pair, _ in
                    guard
                        calls.withLock({
                            $0 += 1; return $0
                        }) == 3
                    else { return }
                    var byte: UInt8 = 0
                    _ = recv(pair.inside.rawValue, &byte, 1, 0)
                    _ = pair.watch(for: [])
                    done.resume()
                }
                #expect(pair.watch(for: .readable) == 0)
                pair.sendByte()
            }
        }
        loop.performAndWait {}
        #expect(calls.withLock { $0 } == 3)
    }

    @Test("A socket that another one's handler takes out is not told of, though the kernel has said that it is ready")
    func deregisteredInTheSameBatch() async {
        let pairs = [Pair(in: loop), Pair(in: loop)]
        let calls = Mutex(0)
        await withCheckedContinuation { done in
            loop.perform {
                for (pair, other) in zip(pairs, pairs.reversed()) {
                    pair.onReady = { pair, _ in
                        calls.withLock { $0 += 1 }
                        _ = other.watch(for: [])
                        _ = pair.watch(for: [])
                        pair.loop.perform { done.resume() }
                    }
                    _ = pair.watch(for: .readable)
                    pair.sendByte()
                }
            }
        }
        loop.performAndWait {}
        #expect(calls.withLock { $0 } == 1)
    }

    @Test("A place in the loop that was another's gets nothing that was meant for that one")
    func reusedSlot() async {
        let pairs = [Pair(in: loop), Pair(in: loop), Pair(in: loop)]
        let calls = Mutex(0)
        await withCheckedContinuation { done in
            loop.perform {
                for (pair, other) in zip(pairs, [pairs[1], pairs[0]]) {
                    pair.onReady = { pair, _ in
                        _ = other.watch(for: [])
                        _ = pairs[2].watch(for: .readable)
                        _ = pair.watch(for: [])
                        pair.loop.perform { done.resume() }
                    }
                    _ = pair.watch(for: .readable)
                    pair.sendByte()
                }
                pairs[2].onReady = { _, _ in calls.withLock { $0 += 1 } }
            }
        }
        loop.performAndWait { _ = pairs[2].watch(for: []) }
        #expect(calls.withLock { $0 } == 0)
    }

    @Test("What hangs up is ready for whatever it is watched for, and nothing is told of it while that is nothing")
    func hangUp() async {
        let pair = Pair(in: loop)
        shutdown(pair.outside.rawValue, Int32(SHUT_RDWR))
        let readiness: Epoll.Readiness = await withCheckedContinuation { done in
            loop.perform {
                pair.onReady = { pair, readiness in
                    _ = pair.watch(for: [])
                    done.resume(returning: readiness)
                }
                _ = pair.watch(for: .writable)
            }
        }
        #expect(readiness == [.readable, .writable])
    }

    @Test("What cannot be watched says so, and takes up no place")
    func unwatchable() {
        loop.performAndWait {
            // A plain file is always ready, so epoll takes none.
            let file = FileDescriptor(owning: open("/proc/self/exe", O_RDONLY | O_CLOEXEC))
            var registration = EventLoop.Registration()
            #expect(registration.watch(file, for: .readable, in: loop, handler: Pair(in: loop)) == EPERM)
            let pair = Pair(in: loop)
            #expect(pair.watch(for: .readable) == 0)
            #expect(pair.watch(for: [.readable, .writable]) == 0)
            #expect(pair.watch(for: []) == 0)
        }
    }

    @Test("Work of other threads does not wait until the loop has lost its patience", .timeLimit(.minutes(1)))
    func workEndsTheWait() throws {
        let patient = try EventLoop(label: "test", patience: 999_999_999)
        let pair = Pair(in: patient)
        patient.performAndWait {
            pair.onReady = { pair, _ in
                var byte: UInt8 = 0
                _ = recv(pair.inside.rawValue, &byte, 1, 0)
            }
            _ = pair.watch(for: .readable)
        }
        // Each would take a second.
        for _ in 0..<400 {
            pair.sendByte()
            patient.performAndWait { patient.expect() }
            patient.performAndWait {}
        }
        patient.performAndWait { _ = pair.watch(for: []) }
    }

    @Test("Work of other threads gets its turn beside a socket that is always ready", .timeLimit(.minutes(1)))
    func workBesideABusySocket() {
        let pair = Pair(in: loop)
        loop.performAndWait {
            _ = pair.watch(for: .readable)
            pair.sendByte()
        }
        let turns = DispatchGroup()
        for _ in 0..<100 {
            loop.performAndWait {}
            loop.performAtLeisure {}
            loop.takeTurn(in: turns)
        }
        turns.wait()
        loop.performAndWait { _ = pair.watch(for: []) }
    }
}
