import Synchronization
import Testing

@testable import GraterCheck

/// A line about long work, and none about short work, or where nobody looks.
@Suite struct ProgressTests {
    private final class Screen: Sendable {
        private let state = Mutex((time: 0.0, text: ""))

        var time: Double {
            get { state.withLock { $0.time } }
            set { state.withLock { $0.time = newValue } }
        }
        var text: String {
            get { state.withLock { $0.text } }
            set { state.withLock { $0.text = newValue } }
        }
    }

    private func progress(on screen: Screen, isShown: Bool = true) -> Progress {
        Progress("profiles", of: 30, isShown: isShown, now: { screen.time }, write: { screen.text += $0 })
    }

    @Test func isShownAfterASecondAndGoneAtTheEnd() {
        let screen = Screen()
        var progress = progress(on: screen)
        for done in 1...20 {
            screen.time += 0.06
            progress.advance(to: done)
        }
        #expect(screen.text == "\r17 of 30 profiles\u{1B}[K\r19 of 30 profiles\u{1B}[K")
        progress.end()
        #expect(screen.text.hasSuffix("\r\u{1B}[K"))
    }

    @Test func shortWorkAndPipesShowNothing() {
        let screen = Screen()
        var short = progress(on: screen)
        short.advance(to: 1)
        short.end()
        var piped = progress(on: screen, isShown: false)
        screen.time = 9
        piped.advance(to: 1)
        piped.end()
        #expect(screen.text.isEmpty)
    }
}
