import Glibc
import JSONText
import PeerIdentity
import Profiles

/// Talks to a running daemon: the subcommands `status`, `watch`, `reload` and the like.
public struct AdminClient {
    private let path: String
    /// Whether to print what the daemon says, line by line as it is.
    private let isRaw: Bool

    /// - Parameters:
    ///   - path: of the daemon's admin socket.
    ///   - isRaw: whether to print the daemon's lines unchanged.
    public init(path: String, isRaw: Bool) {
        self.path = path
        self.isRaw = isRaw
    }

    /// Prints what the daemon is and does.
    public func status() throws(AdminFailure) {
        try ask("status") { StatusText.status($0) }
    }

    /// Shows sessions and rates at a terminal, until the person quits.
    ///
    /// - Parameter seconds: between two refreshes, at least 0.1.
    public func top(every seconds: Double) throws(AdminFailure) {
        var top = Top(path: path, seconds: seconds)
        try top.run()
    }

    /// Prints the open sessions.
    public func sessions() throws(AdminFailure) {
        try ask("sessions") { StatusText.sessions($0.elements ?? []) }
    }

    /// Prints what the daemon would do with a command in a session.
    public func explain(_ command: String, in session: UInt64) throws(AdminFailure) {
        let members = [
            JSONValue.Member(key: "session", value: .count(session)),
            JSONValue.Member(key: "command", value: .string(command)),
        ]
        try ask("explain", key: "explanation", members) { ExplanationText.text($0) }
    }

    /// Puts a profile into complain mode for so many seconds.
    public func complain(_ profile: String, for seconds: Int) throws(AdminFailure) {
        try check(profile: profile)
        let members = [
            JSONValue.Member(key: "profile", value: .string(profile)),
            JSONValue.Member(key: "seconds", value: .integer(seconds)),
        ]
        let call = try AdminCall(path: path)
        try call.send("complain", members)
        let (line, answer) = try call.receiveAnswer()
        let unions = (answer["still-enforced"]?.elements ?? []).compactMap(\.text)
        guard !isRaw else { return print(line + [UInt8(ascii: "\n")]) }
        var text = "'\(printable(profile))' allows everything and logs what it would deny, for \(seconds) s\n"
        for union in unions {
            text += "but clients of '\(printable(union))' are enforced all the same: name that to let them, too\n"
        }
        print(Array(text.utf8))
    }

    /// Ends that before its time.
    public func enforce(_ profile: String) throws(AdminFailure) {
        try ask("enforce", key: "enforced", [JSONValue.Member(key: "profile", value: .string(profile))]) { _ in
            "'\(printable(profile))' is enforced again\n"
        }
    }

    /// Prints what was denied.
    ///
    /// - Parameters:
    ///   - age: how far back, in seconds; nil for all that the daemon has kept.
    ///   - profile: to this profile's clients alone.
    public func denials(within age: Int?, profile: String?) throws(AdminFailure) {
        if let profile { try check(profile: profile) }
        var members = [JSONValue.Member]()
        if let age { members.append(JSONValue.Member(key: "since", value: .integer(time(nil) - age))) }
        if let profile { members.append(JSONValue.Member(key: "profile", value: .string(profile))) }
        try ask("denials", members) { DenialsText.text($0) }
    }

    /// Prints figures for Prometheus.
    public func metrics() throws(AdminFailure) {
        try ask("metrics") { $0.text ?? "" }
    }

    /// Ends sessions, by their numbers.
    public func kick(_ numbers: [UInt64]) throws(AdminFailure) {
        for number in numbers {
            try ask("kick", key: "kicked", [JSONValue.Member(key: "session", value: .count(number))]) { _ in
                "session \(number) is ended\n"
            }
        }
    }

    /// Reloads the profiles, and prints the result. Throws if they were not accepted.
    ///
    /// - Parameter process: the daemon. It gets SIGHUP if its admin socket cannot be connected to, and what comes of that
    ///   stands in its log alone.
    public func reload(orSignal process: pid_t? = nil) throws(AdminFailure) {
        let call: AdminCall
        do throws(AdminFailure) {
            call = try AdminCall(path: path)
        } catch {
            guard let process else { throw error }
            return try signal(process, because: error)
        }
        var failure: AdminFailure?
        try ask("reload", key: "reloaded", by: call) { outcome in
            let notes = (outcome["notes"]?.elements ?? []).compactMap(\.text)
            let errors = (outcome["errors"]?.elements ?? []).compactMap(\.text)
            if !errors.isEmpty { failure = AdminFailure("nothing changed: some profiles cannot be used") }
            let lines = (errors + notes).map { printable($0) + "\n" }.joined()
            return lines + (outcome["profiles"]?.integer.map { "profiles loaded: \($0)\n" } ?? "")
        }
        if let failure { throw failure }
    }

    /// Prints decisions as they are made, until the daemon ends.
    ///
    /// - Parameters:
    ///   - profile: of this profile's sessions alone.
    ///   - deniedOnly: only those that the profile does not allow.
    public func watch(profile: String?, deniedOnly: Bool) throws(AdminFailure) {
        if let profile { try check(profile: profile) }
        let call = try AdminCall(path: path)
        var members = [JSONValue.Member(key: "denied", value: .boolean(deniedOnly))]
        if let profile { members.append(JSONValue.Member(key: "profile", value: .string(profile))) }
        try call.send("watch", members)
        _ = try call.receiveAnswer()
        let text = DecisionText(usesColor: StandardStream.output.hasColor)
        while let line = try call.receive() {
            print(isRaw ? line + [UInt8(ascii: "\n")] : Array(text.line(try AdminCall.parse(line)).utf8))
        }
        throw AdminFailure("the daemon has ended")
    }

    /// Throws if no client can have a profile of this name: waiting for it would never end.
    private func check(profile: String) throws(AdminFailure) {
        let call = try AdminCall(path: path)
        try call.send("status")
        let status = try call.receiveAnswer().answer["status"]
        let names =
            (status?["profiles"]?.elements ?? []).compactMap { $0["name"]?.text }
            + (status?["sessions"]?.elements ?? []).compactMap { $0["profile"]?.text }
        // Profiles that are united go by all their names.
        guard !profile.split(separator: "+").allSatisfy({ names.contains(String($0)) }), !names.contains(profile) else {
            return
        }
        let hint =
            Spelling.suggestion(for: profile, among: names)
            ?? (names.isEmpty ? "none is loaded" : "known: \(Set(names).sorted().joined(separator: ", "))")
        throw AdminFailure("there is no profile '\(printable(profile))' (\(printable(hint)))")
    }

    private func signal(_ process: pid_t, because failure: AdminFailure) throws(AdminFailure) {
        guard kill(process, SIGHUP) == 0 else {
            throw AdminFailure("\(failure); and process \(process) cannot be sent SIGHUP: \(ErrorNumber.text(errno))")
        }
        failure.tell()
        print(Array("process \(process) was sent SIGHUP; its log says what came of it\n".utf8))
    }

    private func ask(
        _ request: String, key: String? = nil, _ members: [JSONValue.Member] = [], show: (JSONValue) -> String
    ) throws(AdminFailure) {
        try ask(request, key: key, members, by: try AdminCall(path: path), show: show)
    }

    private func ask(
        _ request: String, key: String?, _ members: [JSONValue.Member] = [], by call: AdminCall,
        show: (JSONValue) -> String
    ) throws(AdminFailure) {
        try call.send(request, members)
        let (line, answer) = try call.receiveAnswer()
        guard let value = answer[key ?? request] else { throw AdminFailure("the daemon's answer is not understood") }
        let text = show(value)
        print(isRaw ? line + [UInt8(ascii: "\n")] : Array(text.utf8))
    }

    private func print(_ bytes: [UInt8]) {
        StandardStream.output.write(bytes)
    }
}
