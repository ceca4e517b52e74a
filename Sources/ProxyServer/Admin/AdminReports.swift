import FilterEngine
import Glibc
import JSONText
import PeerIdentity
import Profiles

extension ServerOverview {
    /// The answer to `status`.
    var status: JSONValue {
        .object([
            "uptime": .integer(uptimeInSeconds), "pid": .integer(Int(getpid())),
            "listening": .array(addresses.map { .string("\($0)") }),
            "tor": tor.report,
            "profiles": .array(profiles.map(report)),
            "problems": .array(problems.map { .string("\($0)") }),
            "session-limit": .integer(sessionLimit), "session-total": .count(sessionTotal),
            "refused": .members(
                Monitor.Refusal.allCases.map {
                    JSONValue.Member(key: $0.rawValue, value: .integer(refusals[$0] ?? 0))
                }),
            "sessions": sessionReports, "last-refusals": lastRefusals, "last-denials": lastDenials,
            "overrides": .array(overrides.map(\.report)),
        ])
    }

    /// The answer to `sessions`.
    var sessionReports: JSONValue { .array(sessions.map(\.report)) }

    private func report(_ profile: Profile) -> JSONValue {
        let count = sessions.count { $0.client?.profile == profile.name }
        return .object([
            "name": .string(profile.name), "at": .string("\(profile.location)"),
            "mode": .string(profile.policy.mode == .complain ? "complain" : "enforce"),
            "complains-for": complaintSeconds[profile.name].map { .integer($0) } ?? .null, "sessions": .integer(count),
            "lost-at-restart": .boolean(filesLostAtRestart.contains(profile.location.file)),
            "traffic": (trafficByProfile[profile.name] ?? Traffic()).report,
        ])
    }
}

extension FileOverride {
    fileprivate var report: JSONValue {
        let (kind, isOutdated) =
            switch self.kind {
            case .replaced(let isOutdated): ("replaced", isOutdated)
            case .masked: ("masked", false)
            case .extended: ("extended", false)
            }
        return .object([
            "kind": .string(kind), "file": .string(path), "by": .string(replacement), "outdated": .boolean(isOutdated),
        ])
    }
}

extension SessionMeter {
    var report: JSONValue {
        let peer = client?.peer
        return .object([
            "session": .count(number), "age": .integer(ageInSeconds), "socket": .optional(listenerName),
            "from": .optional(address.map { "\($0)" }), "profile": .optional(client?.profile),
            "mode": client.map { .string($0.mode == .complain ? "complain" : "enforce") } ?? .null,
            "label": .optional(peer?.label.map { "\($0)" }), "program": .optional(peer?.executable.map { "\($0)" }),
            "pid": peer?.credentials.map { .count($0.pid) } ?? .null,
            "uid": peer?.credentials.map { .count($0.uid) } ?? .null, "user": .optional(peer?.userName),
            "evidence": .optional(peer.map { "\($0.evidence)" }), "traffic": traffic.report,
        ])
    }
}

extension Traffic {
    var report: JSONValue {
        let counts = decisions.byVerdict.map { JSONValue.Member(key: $0.key, value: .integer($0.value)) }
        return JSONValue.members(counts).adding([
            "bytes-from-client": .integer(bytesFromClient), "bytes-to-client": .integer(bytesToClient),
        ])
    }
}

extension UpstreamHealth.State {
    var report: JSONValue {
        switch self {
        case .unknown: .object(["state": .string("unknown")])
        case .reached(let version):
            .object([
                "state": .string("reached"), "version": .optional(version.map { LogText.escaped($0, limit: 100) }),
            ])
        case .unavailable(let why): .object(["state": .string("unavailable"), "reason": .string(why)])
        }
    }
}

extension Decision {
    /// What is shown to `watch`.
    func report(_ session: SessionMeter, _ client: SessionMeter.Client) -> JSONValue {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let (reason, sent): (DenialReason?, [UInt8]?) =
            switch verdict {
            case .allowed, .answered: (nil, nil)
            case .rewritten(let command): (nil, command)
            case .tolerated(let reason), .denied(let reason), .withdrawn(let reason): (reason, nil)
            }
        return .object([
            "time": .integer(time.tv_sec), "session": .count(session.number), "profile": .string(client.profile),
            "label": .optional(client.peer.label.map { "\($0)" }),
            "pid": client.peer.credentials.map { .count($0.pid) } ?? .null, "verdict": .string(verdict.name),
            "command": .string(LogText.escaped(command)), "sent": .optional(sent.map { LogText.escaped($0) }),
            "reason": .optional(reason.map { "\($0)" }), "rules": .array(rules.map { .string("\($0)") }),
        ])
    }
}

extension ReloadSummary {
    var report: JSONValue {
        .object([
            "profiles": .integer(profileCount), "errors": .array([]),
            "notes": .array(diagnostics.map { .string("\($0)") }),
        ])
    }
}

extension ReloadFailure {
    var report: JSONValue {
        .object([
            "profiles": .null, "errors": .array(errors.map { .string("\($0)") }), "notes": .array([]),
        ])
    }
}
