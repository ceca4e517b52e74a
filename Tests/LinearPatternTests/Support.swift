import LinearPattern

extension Pattern {
    func matches(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { matches($0) }
    }

    /// The text of each group; nil for one that took no part, and nil for all if there is no match.
    func groups(_ text: String) -> [String?]? {
        let bytes = Array(text.utf8)
        guard let captures = bytes.withUnsafeBufferPointer({ captures($0) }) else { return nil }
        return (0...groupCount).map { group in captures[group].map { String(decoding: bytes[$0], as: UTF8.self) } }
    }
}

/// The error that `source` is refused with.
func error(of source: String) -> PatternError? {
    do throws(PatternError) {
        _ = try Pattern(source)
        return nil
    } catch {
        return error
    }
}
