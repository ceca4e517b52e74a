extension Label {
    /// Parses what SO_PEERSEC or /proc/PID/attr gave; a trailing newline or NUL is no part of it.
    ///
    /// The mode is what the last ` (…)` at the very end holds, since names may contain spaces and parentheses. Nil if there is no
    /// name, or one that holds control bytes or is not UTF-8, which no profile could have named.
    public init?(kernelText: some Collection<UInt8>) {
        var bytes = Array(kernelText)[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == 0 { bytes.removeLast() }
        guard let text = KernelText.string(bytes) else { return nil }
        let (name, mode) = Self.splitMode(from: text)
        guard !name.isEmpty else { return nil }
        self.init(name: name, mode: mode)
    }

    static func parse(_ bytes: some Collection<UInt8>, source: String) throws(IdentityError) -> Label {
        guard let label = Label(kernelText: bytes) else {
            throw .unreadable("\(source) gave no label that a profile could have")
        }
        return label
    }

    private static func splitMode(from text: String) -> (name: String, mode: Mode?) {
        let bytes = text.utf8
        guard bytes.last == UInt8(ascii: ")"), let open = bytes.lastIndex(of: UInt8(ascii: "(")),
            open > bytes.startIndex
        else { return (text, nil) }
        let space = bytes.index(before: open)
        guard bytes[space] == UInt8(ascii: " ") else { return (text, nil) }
        let mode = text[bytes.index(after: open)...].dropLast()
        return (String(text[..<space]), mode.isEmpty ? nil : Mode(String(mode)))
    }
}
