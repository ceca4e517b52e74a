import BenchSupport

/// The ways from a client to tor that are compared.
enum Route: String, CaseIterable {
    case direct
    /// The least that a relay can cost.
    case epollRelay = "epoll relay in C"
    /// The least that a relay on Dispatch can cost.
    case dispatchRelay = "bare Dispatch relay"
    case onionGrater = "onion-grater"
}

/// Where a route begins, and the process in its middle.
struct Endpoint {
    let address: Address
    /// Nil on the direct route.
    let server: ServerProcess?
}
