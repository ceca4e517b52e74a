import FilterEngine

extension Effects {
    /// Empties everything; keeps the storage for the next time, unless it has grown beyond what most sessions ever need.
    mutating func reset() {
        if toTor.capacity > Self.keptBytes { toTor = [] }
        if toClient.capacity > Self.keptBytes { toClient = [] }
        removeAll()
    }

    private static let keptBytes = 128 * 1024
}
