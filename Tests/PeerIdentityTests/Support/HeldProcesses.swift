import Foundation
import Glibc

/// Which processes' directories in /proc, or files in these, this process has open.
enum HeldProcesses {
    static func among(_ processes: [pid_t]) -> [pid_t] {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let held = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
            // Of a process that has ended: `/proc/7 (deleted)`.
            .compactMap { $0.split(whereSeparator: { "/ ".contains($0) }).dropFirst().first.flatMap { pid_t($0) } }
        return processes.filter(held.contains)
    }
}
