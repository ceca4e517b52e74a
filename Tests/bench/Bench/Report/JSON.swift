/// The figures of every round, for a program to read.
enum JSON {
    static func text(_ groups: [(title: String, rows: [Row])]) -> String {
        let items = groups.map { group in
            object([("title", quoted(group.title)), ("rows", array(group.rows.map(text)))])
        }
        return array(items) + "\n"
    }

    private static func text(_ row: Row) -> String {
        let routes = Route.allCases.compactMap { route in
            row.values[route].map { (route.rawValue, array($0.map { $0.isFinite ? "\($0)" : "null" })) }
        }
        return object([("name", quoted(row.name)), ("unit", quoted(row.unit)), ("rounds", object(routes))])
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{\(members.map { "\(quoted($0)): \($1)" }.joined(separator: ", "))}"
    }

    private static func array(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

    /// For titles and names of ours, in which nothing has to be escaped.
    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}
