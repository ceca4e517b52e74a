import ArgumentParser

/// How long ago, as people write it: `90s`, `15m`, `1h`, `2d`. At least a second, at most ten years.
struct Age: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = argument.last, let unit = units[last], let number = Int(argument.dropLast()),
            number > 0, number <= 10 * 365 * 86_400 / unit
        else { return nil }
        seconds = number * unit
    }
}
