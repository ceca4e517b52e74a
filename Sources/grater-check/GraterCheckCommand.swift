import ArgumentParser
import GraterCheck

@main
struct GraterCheckCommand: ParsableCommand {
}
