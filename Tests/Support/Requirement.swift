import Foundation

/// Something that a test needs of the machine that it runs on.
///
/// A skip names exactly what lacks. In CI (`CI=true`) a test is not skipped for want of what the machine could have had: it
/// runs, and fails.
public struct Requirement: Sendable {
    /// What lacks, and what to type where that helps; nil if nothing does.
    public let lack: String?
    /// Whether installing packages mends it.
    public let isObtainable: Bool

    /// The effective user is root.
    public static let root = Requirement(geteuid() == 0, or: "needs root")
    /// The effective user is not root, for whom permissions count.
    public static let ordinaryUser = Requirement(geteuid() != 0, or: "needs a user other than root")
    /// /proc tells processes apart by where their memory is.
    public static let randomizedMemory = Requirement(
        (try? String(contentsOfFile: "/proc/sys/kernel/randomize_va_space", encoding: .utf8))?.hasPrefix("2") == true,
        or: "needs kernel.randomize_va_space=2")
    /// A network of the test's own may be made.
    public static let networkNamespaces = Requirement(
        succeeds("unshare", ["--net", "true"]), or: "the kernel or a sandbox refuses 'unshare --net'")
    /// Networks may be made that `ip` knows by name.
    public static let namedNetworks = Requirement(
        succeeds(
            "sh", ["-c", "n=grater-probe-$$; ip netns add $n && { ip -n $n link; s=$?; ip netns delete $n; exit $s; }"]),
        or: "the kernel or a sandbox refuses 'ip netns'")
    /// Mounts of the test's own may be made.
    public static let mounts = Requirement(
        succeeds("unshare", ["--mount", "true"]), or: "the kernel or a sandbox refuses 'unshare --mount'")
    /// Processes may be given numbers and users of their own, which the kernel refuses in a chroot.
    public static let processNamespaces = Requirement(
        succeeds("unshare", ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "true"]),
        or: "the kernel, a sandbox or a chroot refuses 'unshare --user --pid --mount-proc'")
    public static let tor = program("tor", package: "tor")
    public static let python = program("/usr/bin/python3", package: "python3")
    public static let ip = program("ip", package: "iproute2")
    public static let mount = program("mount", package: "mount")
    public static let mandoc = program("mandoc", package: "mandoc")
    public static let setpriv = program("/usr/bin/setpriv", package: "util-linux")
    /// Debian's stem, for Debian's Python.
    public static let stem = Requirement(
        succeeds("/usr/bin/python3", ["-c", "import stem"]),
        or: "stem is missing: apt install --no-install-recommends python3-stem", isObtainable: true)

    private init(_ isMet: Bool, or lack: String, isObtainable: Bool = false) {
        self.lack = isMet ? nil : lack
        self.isObtainable = isObtainable
    }

    /// - Parameter name: a path, or a name to be found in PATH or where administrators' programs are.
    private static func program(_ name: String, package: String) -> Requirement {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = name.hasPrefix("/") ? [name] : (folders + ["/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
        return Requirement(
            places.contains { access($0, X_OK) == 0 },
            or: "\(name) is missing: apt install --no-install-recommends \(package)", isObtainable: true)
    }

    private static func succeeds(_ command: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
