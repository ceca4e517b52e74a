import Foundation

extension ChildProcess {
    /// Seconds of processor time used so far, by all threads, in user and kernel mode (proc(5), `stat`).
    var processorSeconds: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            // The program's name, in parentheses, may hold anything.
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw SystemError(doing: "read /proc/\(id)/stat", number: EINVAL)
            }
            return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    /// Bytes of memory of its own: pages of the program and its libraries come and go with what it does.
    var ownBytes: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
            guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            else { throw SystemError(doing: "read /proc/\(id)/status", number: EINVAL) }
            return kilobytes * 1024
        }
    }

    /// How many files it has open.
    var descriptorCount: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count }
    }

    /// What they are, numbers aside, and how many there are of each.
    var descriptorKinds: [String: Int] {
        get throws {
            let folder = "/proc/\(id)/fd"
            var kinds: [String: Int] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let target =
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) ?? "closed"
                kinds[target.replacing(/[0-9]+/, with: "N"), default: 0] += 1
            }
            return kinds
        }
    }
}
