import ArgumentParser
import BenchSupport
import FilterEngine
import Glibc
import Profiles

@main
struct EngineBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-engine",
        abstract: "Measures the filter alone, without sockets: what one core can decide.",
        discussion: "For a profiler: valgrind --tool=callgrind bench-engine --batches 5 LOAD")

    @Option(help: "How many batches of 64 KB of commands, or of tor's lines, a load takes.")
    var batches = 20

    @Argument(help: ArgumentHelp("Which loads to measure; all, if none is named.", valueName: "load"))
    var names: [String] = []

    func validate() throws {
        let known = EngineLoad.all.map(\.name)
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw ValidationError("no load is called '\(unknown)'; there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        guard let policy = ProfileFile.parse(Array(BenchProfile.text.utf8), file: "bench.yml").profiles.first?.policy
        else { throw ValidationError("the bench's profile cannot be read") }
        for load in EngineLoad.all where names.isEmpty || names.contains(load.name) {
            let result = load.run(policy, batches: batches)
            print("\(load.name): \(Int(Double(result.count) / result.seconds)) \(load.unit)/s")
            fflush(nil)
        }
    }
}
