import PeerIdentity
import Testing

/// Expects that `body` throws an error of the kind that `isExpected` takes.
///
/// Swift 6.0's compiler crashes on `#expect(throws:)` around a function of typed throws, so it is done by hand.
func expectRefusal(
    _ isExpected: (IdentityError) -> Bool, location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: location)
    } catch {
        guard let refusal = error as? IdentityError, isExpected(refusal) else {
            Issue.record("thrown was \(error)", sourceLocation: location)
            return
        }
    }
}

extension IdentityError {
    var isAmbiguous: Bool {
        if case .ambiguous = self { true } else { false }
    }

    var isGone: Bool {
        if case .gone = self { true } else { false }
    }

    var isForeign: Bool {
        if case .foreignNamespace = self { true } else { false }
    }
}
