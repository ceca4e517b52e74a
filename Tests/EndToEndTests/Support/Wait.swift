import Foundation

/// Asks again and again until `condition` gives a value: for what another process does, of which nobody tells us.
///
/// - Throws: ``TimedOut`` after `seconds`, which are generous: a loaded machine is slow, and only a failure waits that long.
func wait<Value>(for what: String, seconds: Double = 60, until condition: () throws -> Value?) throws -> Value {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try condition() { return value }
        if ContinuousClock.now > deadline { throw TimedOut(description: "waited \(seconds) s for \(what)") }
        usleep(5000)
    }
}
