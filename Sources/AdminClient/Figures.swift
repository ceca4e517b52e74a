/// Durations and amounts in short form.
enum Figures {
    /// `42 s`, `5 min`, `3 h 20 min`, `4 d 3 h`.
    static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86400) d \(seconds / 3600 % 24) h"
        }
    }

    /// `812 B`, `3.4 kB`, `120 MB`.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (Double(count), "B")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 999.5 {
            value /= 1000
            unit = larger
        }
        let isShort = unit == "B" || value >= 9.95
        return isShort ? "\(Int(value.rounded())) \(unit)" : "\((value * 10).rounded() / 10) \(unit)"
    }

    /// The same, of an amount in a second.
    static func bytes(_ rate: Double) -> String { bytes(Int(min(rate, 1e18))) }

    /// `0`, `0.4`, `12.5`, `1340`: how often in a second.
    static func rate(_ value: Double) -> String {
        switch value {
        case ..<0.05: "0"
        case ..<99.95: "\((value * 10).rounded() / 10)"
        default: "\(Int(min(value, 1e18).rounded()))"
        }
    }
}
