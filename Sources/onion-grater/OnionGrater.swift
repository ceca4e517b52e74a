import ArgumentParser
import ProxyServer

@main
struct OnionGrater: ParsableCommand {
}
