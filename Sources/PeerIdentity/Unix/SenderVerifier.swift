import Glibc

/// Judges by the sender that the kernel names with each chunk (SCM_CREDENTIALS, unix(7)) whether it is the identified peer.
///
/// Where the kernel keeps no label from the time of connect(2), a program can connect, leave the socket to a child, and turn by
/// exec into another application; a look at the process that connected then shows that other application. So what counts is the
/// process that sent, and that it was the peer's application *when* it sent. The latter is certain of a process that was already
/// found to be it before the bytes were sent and still is afterwards, and of one that has never called execve(2). Bytes of any
/// other process of the application are unproven, and so is what else was under way when it was first looked at.
struct SenderVerifier: Sendable {
    enum Judgement: Equatable {
        case proven
        /// The chunk may be another application's, and so may the next so many bytes.
        case unproven(behind: Int)
        case refused(IdentityError)
    }

    /// So many processes of a session are held open, at four descriptors each: a user who has all the sessions that one may have
    /// must not use up the daemon's by having many processes speak in each.
    private static let limit = 3

    private let identity: ProcessIdentity
    private let start: ForkCount
    private var known: [KnownSender]
    /// Whether what is received now may have waited for longer than it takes to use up all numbers of processes.
    var isLate = false

    /// - Parameters:
    ///   - sender: the process that was identified; this must have been before anything was received.
    ///   - identity: what it was identified as.
    init(_ sender: KnownSender, as identity: ProcessIdentity) throws(IdentityError) {
        do { start = try ForkCount.recent() } catch { throw IdentityError(error) }
        self.identity = identity
        known = [sender]
    }

    /// Judges a chunk that was just received.
    ///
    /// - Parameter queued: tells how many bytes wait behind it, at the time of the call.
    mutating func judge(_ sender: PeerCredentials, queued: () -> Int) -> Judgement {
        guard sender.pid > 0 else {
            return .refused(
                .foreignNamespace("a process of another pid namespace sends over the connection of \(identity)"))
        }
        guard let index = known.firstIndex(where: { $0.pid == sender.pid }) else {
            return judgeNewcomer(sender, queued: queued)
        }
        do {
            guard known[index].uid == sender.uid else {
                return .refused(.ambiguous("pid \(sender.pid) has become user \(sender.uid)"))
            }
            switch try known[index].state(comparedWith: identity) {
            case .same: return .proven
            case .different:
                return .refused(.ambiguous("pid \(sender.pid) is no longer the application that it was: \(identity)"))
            case .executed:
                known.remove(at: index)
                return judgeNewcomer(sender, queued: queued)
            }
        } catch {
            guard case .gone = error else { return .refused(error) }
            known.remove(at: index)
            return .unproven(behind: 0)
        }
    }

    private mutating func judgeNewcomer(_ sender: PeerCredentials, queued: () -> Int) -> Judgement {
        do {
            let process: ProcessDirectory
            do { process = try ProcessDirectory(pid: sender.pid) } catch { throw IdentityError(error) }
            let newcomer = try KnownSender(process)
            guard newcomer.uid == sender.uid, newcomer.identity.covers(identity) else {
                return .refused(
                    .ambiguous("pid \(sender.pid), \(newcomer.identity), sends over the connection of \(identity)"))
            }
            // The first one stays, for that is the application as it was identified.
            if known.count >= Self.limit { known.remove(at: 1) }
            known.append(newcomer)
            return wasAlwaysTheSame(process) ? .proven : .unproven(behind: queued())
        } catch let error as IdentityError {
            if case .gone = error { return .unproven(behind: 0) }
            return .refused(error)
        } catch {
            return .refused(.unreadable("\(error)"))
        }
    }

    /// Whether the process has been the program that it is since it was forked, and its number has been nobody else's since
    /// the bytes were sent.
    ///
    /// Forks that fail use up numbers, too, and nobody counts them: only so many of them fit into the time that it takes to hear
    /// of bytes, but not into a longer one.
    private func wasAlwaysTheSame(_ process: ProcessDirectory) -> Bool {
        guard !isLate, let history = try? ProcessHistory(of: process), history.hasNeverExecuted,
            let now = try? ForkCount()
        else {
            return false
        }
        return !now.allowsReuse(since: start)
    }
}
