import FilterEngine
import JSONText

extension Explanation {
    /// The answer to `explain`.
    var report: JSONValue {
        switch outcome {
        case .dependsOnListeners(let targets):
            return .object([
                "verdict": .string("depends"),
                "targets": .array(targets.map { .string(LogText.escaped("\($0)".utf8)) }),
            ])
        case .decided(let decision):
            let (reason, sent): (DenialReason?, [UInt8]?) =
                switch decision.verdict {
                case .allowed, .answered: (nil, nil)
                case .rewritten(let command): (nil, command)
                case .tolerated(let reason), .denied(let reason), .withdrawn(let reason): (reason, nil)
                }
            return .object([
                "verdict": .string(decision.verdict.name), "command": .string(LogText.escaped(decision.command)),
                "sent": .optional(sent.map { LogText.escaped($0) }), "reason": .optional(reason.map { "\($0)" }),
                "rules": .array(decision.rules.map { .string("\($0)") }), "nearest": nearest?.report ?? .null,
            ])
        }
    }
}

extension Explanation.Nearest {
    fileprivate var report: JSONValue {
        .object([
            "rule": .string("\(location)"), "pattern": .string(pattern),
            "matches": .string(LogText.escaped(viable)),
        ])
    }
}
