// Release builds, with the runtime linked statically, build this module too and have no Testing.
#if canImport(Testing)
    import Foundation
    import Testing

    extension Trait where Self == ConditionTrait {
        /// Skips the test, and says why, where something that it needs lacks.
        public static func needs(_ requirements: Requirement...) -> Self {
            let lacking = requirements.filter { $0.lack != nil }
            let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
            let mustRun = isCI && lacking.allSatisfy(\.isObtainable)
            let reasons = lacking.compactMap(\.lack).joined(separator: "; ")
            return .enabled(if: lacking.isEmpty || mustRun, Comment(rawValue: reasons))
        }
    }
#endif
