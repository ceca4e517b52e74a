/// Where a session does not do what its transcript says.
public struct TranscriptFailure: Error, Sendable, Equatable {
    /// The path as it was given.
    public let file: String
    /// The line of the transcript, from 1.
    public let line: Int
    /// The session's title.
    public let session: String?
    /// The line where the session begins.
    public let sessionLine: Int
    /// How the bytes were fed when it failed.
    public let feeding: TranscriptFeeding
    /// What went wrong, in a sentence.
    public let message: String
    /// What was expected and what came, where that is many lines; empty otherwise.
    public let difference: [LineDifference]
}

extension TranscriptFailure: CustomStringConvertible {
    public var description: String { text(Style(usesColor: false)) }

    func text(_ style: Style) -> String {
        var text = "\(style.bold("\(file):\(line):")) \(style.red("error:")) \(style.bold(message))"
        if let session { text += " (in '\(session)')" }
        if feeding != .asWritten { text += ", if it comes \(feeding.rawValue)" }
        for line in difference { text += "\n    " + line.text(style) }
        return text
    }
}
