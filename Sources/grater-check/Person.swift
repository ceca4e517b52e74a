import ArgumentParser
import Glibc
import GraterCheck

/// The person at the terminal, wherever standard input and output lead.
final class Person: Sendable {
    private let style: Style
    private let descriptor: Int32

    /// Throws if there is no terminal.
    init(style: Style) throws {
        descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw ValidationError("--ask needs a terminal.") }
        self.style = style
    }

    deinit { close(descriptor) }

    /// Asks until the answer is understood. The end of the input ends the questions.
    func ask(_ question: DenialQuestion) -> DenialAnswer {
        say(question.text(style: style))
        while let line = readLine() {
            if let answer = question.answer(to: line) { return answer }
            say("Type one of the letters, and Enter: ")
        }
        return .stop
    }

    private func say(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// A line without its end; nil at the end of the input. The terminal gives no more than a line at a time.
    private func readLine() -> String? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self)
        }
    }
}
