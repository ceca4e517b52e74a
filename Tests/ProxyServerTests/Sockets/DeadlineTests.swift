import Dispatch
import Testing

@testable import ProxyServer

/// Deadlines of an event loop: the order in which they pass, and that those that are let go of do not.
struct DeadlineTests {
    /// Confined to the loop's queue.
    private final class Notes: @unchecked Sendable {
        var passed: [Int] = []
        var deadlines: [Int: Deadline] = [:]
    }

    private let loop: EventLoop
    private let notes = Notes()

    init() throws {
        loop = try EventLoop(label: "test")
    }

    /// - Parameter base: what the milliseconds are counted from.
    private func set(
        _ number: Int, milliseconds: Int, from base: DispatchTime = .now(),
        _ action: @escaping @Sendable () -> Void = {}
    ) {
        notes.deadlines[number] = Deadline(at: base + .milliseconds(milliseconds), in: loop) { [notes] in
            notes.passed.append(number)
            action()
        }
    }

    @Test("Deadlines pass in the order of their times, however they were set")
    func order() async {
        let order = (1...200).shuffled()
        await withCheckedContinuation { done in
            loop.perform {
                // To set them takes longer than lies between two of them.
                let base = DispatchTime.now()
                for number in order { set(number, milliseconds: number, from: base) }
                set(201, milliseconds: 300, from: base) { done.resume() }
            }
        }
        #expect(loop.performAndWait { notes.passed } == Array(1...201))
    }

    @Test("Deadlines that are let go of do not pass, and do not keep others from it")
    func lettingGo() async {
        await withCheckedContinuation { done in
            loop.perform {
                for number in 1...1000 { set(number, milliseconds: 50) }
                for number in 1...1000 where number != 500 { notes.deadlines[number] = nil }
                set(1001, milliseconds: 100) { done.resume() }
            }
        }
        #expect(loop.performAndWait { notes.passed } == [500, 1001])
    }

    @Test("An action may let go of its own deadline, and set another one, sooner or later")
    func actionSetsAnother() async {
        await withCheckedContinuation { done in
            loop.perform {
                set(1, milliseconds: 20) {
                    notes.deadlines[1] = nil
                    let base = DispatchTime.now()
                    set(2, milliseconds: 20, from: base) { done.resume() }
                    set(3, milliseconds: 1, from: base)
                }
            }
        }
        #expect(loop.performAndWait { notes.passed } == [1, 3, 2])
    }

    @Test("A deadline after .never never passes")
    func never() async {
        await withCheckedContinuation { done in
            loop.perform {
                notes.deadlines[1] = Deadline(after: .never, in: loop) { [notes] in notes.passed.append(1) }
                set(2, milliseconds: 1) { done.resume() }
            }
        }
        #expect(loop.performAndWait { notes.passed } == [2])
    }
}
