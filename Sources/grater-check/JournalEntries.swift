import ArgumentParser
import ChildProcesses
import Glibc

/// The journal's entries of the system service, as JSON, in a temporary file without a name.
struct JournalEntries {
    /// Where it can be read, within this process.
    let path: String

    /// Throws if journalctl(1) fails: an empty log must not look like one without denials.
    init() throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/onion-grater-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw ValidationError("Cannot make a temporary file in \(folder): \(String(cString: strerror(errno))).")
        }
        unlink(template)
        let status: Int32
        do throws(ChildProcess.Failure) {
            let journal = try ChildProcess(
                ["journalctl", "--unit", "onion-grater", "--output", "json", "--no-pager", "--quiet"],
                output: .descriptor(descriptor))
            status = journal.wait()
        } catch {
            throw ValidationError("The journal cannot be read: \(error).")
        }
        guard status == 0 else { throw ValidationError("journalctl ended with status \(status).") }
        path = "/proc/self/fd/\(descriptor)"
    }
}
