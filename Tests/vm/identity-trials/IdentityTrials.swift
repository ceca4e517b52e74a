import Glibc

/// Plays every trial of identity on the kernel that runs, with AppArmor or without, and says how each went.
///
///     identity-trials [COUNT] [--until-failure]
///
/// Each attack is played COUNT times (10 by default). It must never succeed, and must succeed against the naive method, or it
/// would prove nothing. With --until-failure, the first failure ends it. Exit status: 0 if all is as it must be.
@main
enum IdentityTrials {
    /// An attack that goes round all numbers of processes takes long, and is played no more often than this.
    private static let slowLimit = 10

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments.dropFirst()
        let count = arguments.first.flatMap { Int($0) } ?? 10
        let goesOn = !arguments.contains("--until-failure")
        var failures = 0
        func report(_ name: String, _ problem: String?) {
            print("\(problem == nil ? "ok  " : "FAIL") \(name)\(problem.map { ": \($0)" } ?? "")")
            fflush(nil)
            guard problem != nil else { return }
            failures += 1
            if !goesOn { exit(1) }
        }
        do {
            let ours = try Stage(.ours, at: "/tmp/ours")
            let naive = try Stage(.naive, at: "/tmp/naive")
            if Kernel.hasAppArmor {
                for trial in LabelTrial.all { report("label: \(trial.name)", try trial.problem(on: ours)) }
                for trial in ChangeTrial.allCases { report("change: \(trial.rawValue)", try trial.problem(on: ours)) }
            }
            for trial in GroupTrial.all { report("group: \(trial.name)", try trial.problem(on: ours)) }
            for trial in HonestTrial.allCases { report("honest: \(trial.rawValue)", try trial.problem(on: ours)) }
            for attack in Attack.allCases where attack.isPossible {
                report("attack: \(attack.rawValue)", try judge(attack, count, ours, naive))
            }
        } catch {
            report("the trials were stopped", "\(error)")
        }
        exit(failures == 0 ? 0 : 1)
    }

    private static func judge(_ attack: Attack, _ count: Int, _ ours: Stage, _ naive: Stage) throws -> String? {
        if attack.needsFewNumbers { try Kernel.setNumbers(600) }
        defer { if attack.needsFewNumbers { try? Kernel.setNumbers(Kernel.usualNumbers) } }
        let rounds = attack.needsFewNumbers ? min(count, slowLimit) : count
        var gained = 0
        for _ in 0..<rounds where try attack.succeeds(on: ours) { gained += 1 }
        guard gained == 0 else { return "gained \(gained) of \(rounds)" }
        let outcome = ours.refusal ?? "taken for \(ours.application ?? "nobody")"
        guard try attack.succeeds(on: naive) else { return "does not even work against the naive method" }
        print("     0 of \(rounds) (\(outcome)); against the naive method it works")
        return nil
    }
}
