import Glibc

/// The programs that are built beside the bench.
struct Programs {
    let baseline: String
    let dispatchRelay: String
    let onionGrater: String

    init() throws {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        guard count > 0, let end = path[..<count].lastIndex(of: CChar(UInt8(ascii: "/"))) else {
            throw BenchError(doing: "find the bench's own folder")
        }
        let folder = String(decoding: path[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        baseline = "\(folder)/bench-baseline"
        dispatchRelay = "\(folder)/bench-dispatch-relay"
        onionGrater = "\(folder)/onion-grater"
        for program in [baseline, dispatchRelay, onionGrater] where access(program, X_OK) != 0 {
            throw BenchError("\(program) is missing: build everything in the release configuration")
        }
    }
}
