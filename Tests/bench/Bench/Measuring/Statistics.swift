enum Statistics {
    /// NaN of nothing.
    static func median(_ values: [Double]) -> Double { percentile(50, of: values) }

    /// The value that `percent` of `values` do not exceed; NaN of nothing.
    static func percentile(_ percent: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let rank = (percent / 100 * Double(values.count)).rounded(.up)
        return values.sorted()[min(max(Int(rank) - 1, 0), values.count - 1)]
    }
}
