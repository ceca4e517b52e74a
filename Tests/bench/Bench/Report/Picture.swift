import Glibc

/// The quotients as an SVG: for each row a bar of how much longer it takes than through the bare Dispatch relay.
enum Picture {
    private static let (left, line, width, widest) = (430.0, 22.0, 900.0, 3.0)

    static func text(_ groups: [(title: String, rows: [Row])]) -> String {
        var body = ""
        var y = 54.0
        for group in groups {
            let bars = group.rows.compactMap { row in cost(of: row).map { (row, $0) } }
            guard !bars.isEmpty else { continue }
            body += "<text class=\"group\" x=\"12\" y=\"\(y + 15)\">\(escaped(group.title))</text>\n"
            y += line + 4
            for (row, cost) in bars {
                let end = x(min(cost, widest))
                body += "<text x=\"\(left - 10)\" y=\"\(y + 14)\" text-anchor=\"end\">\(escaped(row.name))</text>"
                body +=
                    "<rect class=\"\(cost <= 1 ? "less" : "more")\" x=\"\(left)\" y=\"\(y + 3)\" width=\"\(round(end - left))\" height=\"14\"/>"
                body += "<text x=\"\(round(end + 6))\" y=\"\(y + 14)\">\(Number.text(cost, digits: 2))</text>\n"
                y += line
            }
            y += 8
        }
        let height = y + 12
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" aria-label="What onion-grater costs, compared with a bare relay">
            <style>text{font:13px system-ui,sans-serif;fill:#1c1b22}.group{font-weight:600}.title{font-size:15px}.back{fill:#f6f6f8}
            .less{fill:#3f8f5b}.more{fill:#c07a1c}line{stroke:#5b5b66;stroke-dasharray:3 3}
            @media(prefers-color-scheme:dark){text{fill:#ececf1}.back{fill:#24232c}line{stroke:#a9a9b6}}</style>
            <rect class="back" width="\(width)" height="\(height)" rx="6"/>
            <text class="title" x="12" y="28">Cost through onion-grater, where a relay on Dispatch that only carries bytes costs 1 (shorter is better)</text>
            \(body)<line x1="\(x(1))" x2="\(x(1))" y1="44" y2="\(height - 10)"/>
            </svg>

            """
    }

    private static func x(_ cost: Double) -> Double { left + cost / widest * (width - left - 60) }

    /// Of what is counted per second, more is better: the quotient is turned round.
    private static func cost(of row: Row) -> Double? {
        guard let ratio = row.ratio(to: .dispatchRelay), ratio.isFinite, ratio > 0 else { return nil }
        return row.unit.hasSuffix("/s") ? 1 / ratio : ratio
    }

    private static func escaped(_ text: String) -> String { text.split(separator: "&").joined(separator: "&amp;") }
}
