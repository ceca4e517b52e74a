import ControlProtocol
import LinearPattern
import Profiles

/// Something that a profile should not give away without its author knowing: a set of commands, defined by what tor receives.
package struct Hazard: Sendable {
    /// How docs and options call it.
    package let id: String
    package let severity: HazardSeverity
    /// What a client can do, as a clause.
    package let title: String
    /// Why that matters.
    package let explanation: String
    /// What to write instead.
    package let advice: String
    package let ways: [Way]

    /// One command that leads to the hazard.
    package struct Way: Sendable {
        let command: Keyword
        /// What tor is not to receive: for GETINFO and GETCONF one of the keywords, for SETCONF and RESETCONF one
        /// `name=value`, for SETEVENTS one event, else the whole argument string.
        let pattern: String
        /// The part of it that makes good examples.
        var preferred: String?
        /// What of it is harmless after all.
        var harmless: String?
        /// What a client would send, without the command word: tried first.
        var samples: [String]
        /// What tor might say, if the harm is in what the client learns.
        var leaks: [Leak] = []
        /// Whether the filter refuses it, whatever a profile says.
        var isNeverForwarded = false
        /// Whether the filter refuses it under only-own-onions.
        var isOfOthersServices = false
        /// Whether the filter refuses it under own-listeners.
        var isOfOthersListeners = false

        /// Whether the filter refuses it, whatever the rules of `policy` say.
        func isRefused(under policy: Policy) -> Bool {
            isNeverForwarded || isOfOthersServices && policy.onlyOwnOnions
                || isOfOthersListeners && policy.ownListeners != nil && policy.mode == .enforce
        }
    }

    /// An example of tor's words, and what in it the client is not to see.
    package struct Leak: Sendable {
        /// For GETINFO and GETCONF the value; for SETEVENTS the event's lines.
        let text: String
        let secret: String
    }
}

extension Hazard.Way {
    /// Whether tor receives what it should not.
    package func includes(_ command: Command) -> Bool {
        command.keyword == self.command && Self.items(of: command).contains(where: includesItem)
    }

    /// Whether one keyword, event or assignment, or the whole argument of other commands, is what tor should not receive.
    func includesItem(_ item: [UInt8]) -> Bool {
        guard let pattern = try? Pattern(pattern) else { return false }
        let harmless = harmless.flatMap { try? Pattern($0) }
        return item.withUnsafeBufferPointer { pattern.matches($0) && harmless?.matches($0) != true }
    }

    /// What tor says to `command` in one of the examples.
    package func reply(to command: Command, _ leak: Hazard.Leak) -> [UInt8] {
        let items = Self.items(of: command)
        let values = items.map { item in
            (keyword: String(decoding: item, as: UTF8.self), value: includesItem(item) ? leak.text : "1")
        }
        let text: String
        switch command.keyword {
        case "GETINFO":
            text =
                values.map { keyword, value in
                    value.contains("\n") ? "250+\(keyword)=\n\(value)\n.\n" : "250-\(keyword)=\(value)\n"
                }.joined() + "250 OK\n"
        case "GETCONF":
            text = values.enumerated().map { index, item in
                "250\(index + 1 < values.count ? "-" : " ")\(item.keyword)=\(item.value)\n"
            }.joined()
        case "SETEVENTS": text = "250 OK\n\(leak.text)\n"
        default: text = "\(leak.text)\n"
        }
        return Array(text.utf8).flatMap { $0 == 10 ? [13, 10] : [$0] }
    }

    private static func items(of command: Command) -> [[UInt8]] {
        switch command.keyword {
        case "SETEVENTS": command.words.map(Array.init)
        case let keyword where keyword.asksForKeywords: command.words.map(Array.init)
        case let keyword where keyword.setsOptions:
            (ConfAssignment.parse(command.argument) ?? []).map { assignment in
                assignment.name + (assignment.value.map { [UInt8(ascii: "=")] + $0 } ?? [])
            }
        default: [command.argument]
        }
    }
}
