/// One line of the table: a figure for each route, as many times as there were rounds.
struct Row {
    let name: String
    let unit: String
    /// Digits after the point.
    var digits = 0
    var values: [Route: [Double]] = [:]

    /// A figure of the daemon's, which has no other route to be compared with.
    mutating func add(_ value: Double) { values[.onionGrater, default: []].append(value) }

    func median(_ route: Route) -> Double? {
        values[route].map { Statistics.median($0) }
    }

    /// How much more onion-grater needs or gives than `other`: the median of each round's quotient, since what disturbs the
    /// machine disturbs both in one round.
    func ratio(to other: Route) -> Double? {
        guard let ours = values[.onionGrater], let others = values[other] else { return nil }
        return Statistics.median(zip(ours, others).map { $0 / $1 })
    }
}
