import BenchSupport
import Glibc

/// So many of something, in so much time.
struct Throughput {
    let count: Int
    let seconds: Double

    var perSecond: Double { Double(count) / seconds }
}

/// The loads that a client can put on a route.
enum Loads {
    /// Microseconds of each round trip of `exchange`, one after the other, for `seconds`.
    static func roundTrips(_ exchange: Exchange, to address: Address, seconds: Double) throws -> [Double] {
        let connection = try Connection.opened(address)
        try connection.askAndCheck(exchange)
        var times = [Double]()
        times.reserveCapacity(100_000)
        let deadline = Clock.after(seconds)
        var start = Clock.now
        while start < deadline {
            try connection.ask(exchange)
            let end = Clock.now
            times.append(Double(end - start) / 1000)
            start = end
        }
        return times
    }

    /// How many commands a second one connection gets answered that writes as fast as it may and reads replies as they come,
    /// for `seconds`.
    static func pipeline(_ exchange: Exchange, to address: Address, seconds: Double) throws -> Throughput {
        let connection = try Connection.opened(address)
        try connection.askAndCheck(exchange)
        let commandsPerBatch = 2000
        let batch = Array(repeatElement(exchange.command, count: commandsPerBatch).joined())
        var offset = 0
        var (batches, lines) = (0, 0)
        var isSending = true
        let start = Clock.now
        let deadline = Clock.after(seconds)
        while isSending || lines < batches * commandsPerBatch * exchange.replyLines {
            let events = isSending ? POLLIN | POLLOUT : POLLIN
            var ready = pollfd(fd: connection.descriptor, events: Int16(events), revents: 0)
            guard poll(&ready, 1, 10_000) == 1 else { throw BenchError("no answer to pipelined commands") }
            if ready.revents & Int16(POLLIN) != 0 { lines += try connection.receiveLines() }
            guard ready.revents & Int16(POLLOUT) != 0, isSending else { continue }
            offset += try batch.withUnsafeBytes {
                try connection.trySend(UnsafeRawBufferPointer(rebasing: $0[offset...]))
            }
            guard offset == batch.count else { continue }
            offset = 0
            batches += 1
            isSending = Clock.now < deadline
        }
        let count = batches * commandsPerBatch
        return Throughput(count: count, seconds: Clock.seconds(since: start))
    }

    /// How many round trips a second `count` connections get together, each of which asks again once it has been answered,
    /// for `seconds`.
    static func crowd(_ count: Int, _ exchange: Exchange, to address: Address, seconds: Double) throws -> Double {
        let connections = try (0..<count).map { _ in try Connection.opened(address) }
        var replies = 0
        let start = Clock.now
        let deadline = Clock.after(seconds)
        for connection in connections { try connection.send(exchange) }
        while Clock.now < deadline {
            for connection in connections {
                try connection.receiveReply(to: exchange)
                try connection.send(exchange)
            }
            replies += count
        }
        for connection in connections { try connection.receiveReply(to: exchange) }
        return Double(replies + count) / Clock.seconds(since: start)
    }

    /// Microseconds from connecting to the first reply of tor's, `count` times.
    static func connecting(to address: Address, count: Int) throws -> [Double] {
        try (0..<count).map { _ in
            try Clock.time { try Connection.opened(address).ask(.allowed) } * 1e6
        }
    }

    /// Microseconds of the round trips of one connection from the moment on when `count` others have been closed at once, for
    /// `seconds`.
    static func roundTripsWhileClosing(
        _ count: Int, _ exchange: Exchange, to address: Address, seconds: Double
    ) throws -> [Double] {
        let connection = try Connection.opened(address)
        try connection.askAndCheck(exchange)
        var others = try idle(count, to: address)
        others.removeAll()
        var times = [Double]()
        let deadline = Clock.after(seconds)
        while Clock.now < deadline { times.append(try Clock.time { try connection.ask(exchange) } * 1e6) }
        return times
    }

    /// Connections that have been used and now do nothing.
    static func idle(_ count: Int, to address: Address) throws -> [Connection] {
        try (0..<count).map { _ in
            let connection = try Connection.opened(address)
            try connection.ask(.allowed)
            return connection
        }
    }
}
