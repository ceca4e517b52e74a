/// The figures as Markdown: a table for each group, with medians over the rounds and quotients.
enum Table {
    static func text(_ groups: [(title: String, rows: [Row])]) -> String {
        groups.map { "### \($0.title)\n\n\(text($0.rows))" }.joined(separator: "\n")
    }

    private static func text(_ rows: [Row]) -> String {
        let head = [""] + Route.allCases.map(\.rawValue) + ["÷ direct", "÷ Dispatch relay"]
        let body = rows.map { row in
            [row.unit.isEmpty ? row.name : "\(row.name), \(row.unit)"]
                + Route.allCases.map { row.median($0).map { Number.text($0, digits: row.digits) } ?? "" }
                + [Route.direct, .dispatchRelay].map { row.ratio(to: $0).map { Number.text($0, digits: 2) } ?? "" }
        }
        let widths = head.indices.map { column in ([head] + body).map { $0[column].count }.max() ?? 0 }
        let rule = widths.indices.map { $0 == 0 ? dashes(widths[$0]) : "\(dashes(widths[$0] - 1)):" }
        return ([head, rule] + body).map { line($0, widths) }.joined()
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - cells[column].count)
            return column == 0 ? cells[column] + padding : padding + cells[column]
        }
        return "| \(padded.joined(separator: " | ")) |\n"
    }

    private static func dashes(_ count: Int) -> String { String(repeating: "-", count: count) }
}
