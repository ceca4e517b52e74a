import ControlProtocol

extension ReplyLine {
    /// What the line takes while it is kept, in bytes: its text, and about as much as a line takes beside that.
    var heldSize: Int { text.count + 80 }
}
