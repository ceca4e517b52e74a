import Synchronization

/// All profiles of a running filter, and the choice among them. Immutable, shared by sessions.
public final class PolicyTable: Sendable {
    /// What a client gets.
    public enum Choice: Sendable {
        case policy(Policy)
        /// No filter matches; those that come nearest, the nearest first.
        case none([NearMiss])
        /// Several filters match, so none is used; in the table's order.
        case ambiguous([Match])
    }

    /// One of several filters that match a client.
    public struct Match: Sendable, Hashable, CustomStringConvertible {
        /// The filter's.
        public let name: String
        /// Where the filter begins.
        public let location: SourceLocation

        public var description: String { "'\(name)' (\(location))" }
    }

    /// A filter that is not for a client, and every reason why.
    public struct NearMiss: Sendable, Hashable {
        /// The filter's.
        public let name: String
        /// Where the filter begins.
        public let location: SourceLocation
        /// Never empty.
        public let mismatches: [Mismatch]
    }

    /// How many near misses are told.
    private static let nearMissLimit = 3

    /// In the order in which they were given.
    public let profiles: [Profile]
    /// Which profiles may match a client that has this property.
    private let index: [IndexKey: [Int]]
    /// Those that no single property finds.
    private let unindexed: [Int]
    /// Unions of merged profiles, made once for each set that matched someone.
    private let unions = Mutex<[[Int]: Policy]>([:])

    /// A property that one profile asks for and few clients have.
    private enum IndexKey: Hashable {
        case application(String), flatpak(String), socket(String)
    }

    public init(_ profiles: [Profile]) {
        self.profiles = profiles
        var index: [IndexKey: [Int]] = [:]
        var unindexed: [Int] = []
        for (number, profile) in profiles.enumerated() {
            if let keys = Self.keys(profile.qualifiers) {
                for key in keys { index[key, default: []].append(number) }
            } else {
                unindexed.append(number)
            }
        }
        self.index = index
        self.unindexed = unindexed
    }

    /// The policy for `client`. Whoever has no filter of its own, or too many, has none.
    public func choose(for client: ClientDescription) -> Choice {
        let matching = candidates(for: client).filter { profiles[$0].qualifiers.match(client) }
        let merged = matching.filter { profiles[$0].isMerged }
        switch (matching.count, merged.count) {
        case (0, _): return .none(nearMisses(client))
        case (1, _): return .policy(profiles[matching[0]].policy)
        case (let all, let united) where all == united: return .policy(union(merged))
        default: return .ambiguous(matching.map { Match(name: profiles[$0].name, location: profiles[$0].location) })
        }
    }

    private func union(_ numbers: [Int]) -> Policy {
        unions.withLock { unions in
            if let union = unions[numbers] { return union }
            let union = Policy.union(numbers.map { profiles[$0].policy })
            if unions.count < 64 { unions[numbers] = union }
            return union
        }
    }

    private func nearMisses(_ client: ClientDescription) -> [NearMiss] {
        let distances = profiles.map { $0.qualifiers.distance(from: client) }
        let nearestFirst = profiles.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
        return nearestFirst.prefix(Self.nearMissLimit).map { number in
            let profile = profiles[number]
            return NearMiss(
                name: profile.name, location: profile.location, mismatches: profile.qualifiers.mismatches(client))
        }
    }

    /// Nil if clients of any kind may match.
    private static func keys(_ qualifiers: Qualifiers) -> Set<IndexKey>? {
        guard qualifiers.hosts == nil, qualifiers.canMatchLocal else { return nil }
        for (names, key) in [
            (qualifiers.apparmorProfiles, IndexKey.application), (qualifiers.flatpaks, IndexKey.flatpak),
            (qualifiers.sockets, IndexKey.socket),
        ] {
            guard let names, !names.contains(.any) else { continue }
            return Set(names.map { key($0.description) })
        }
        return nil
    }

    /// The numbers of the profiles that could match, in order.
    private func candidates(for client: ClientDescription) -> [Int] {
        let keys = [
            client.applicationName.map(IndexKey.application), client.flatpak.map(IndexKey.flatpak),
            client.socket.map(IndexKey.socket),
        ]
        let found = keys.compactMap { $0.flatMap { index[$0] } }
        return (found.reduce(unindexed, +)).sorted()
    }
}
