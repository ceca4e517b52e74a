import BenchSupport
import Dispatch
import Glibc

/// A relay that does nothing but carry bytes, on Dispatch as onion-grater is: what a filter could cost at the least.
@main
enum DispatchRelay {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let address = Address(arguments[1]), let target = Address(arguments[2]) else {
            print("usage: \(arguments[0]) ADDRESS TARGET   (unix:PATH or tcp:PORT)")
            exit(2)
        }
        raiseDescriptorLimit()
        guard let listener = address.listen() else {
            perror("cannot listen on \(address)")
            exit(1)
        }
        // A type of its own, for what is written here belongs to the main thread.
        let source = RelayedSession.makeListener(listener, to: target)
        source.resume()
        withExtendedLifetime(source) { dispatchMain() }
    }
}
