import ArgumentParser
import Glibc
import GraterCheck

struct LSPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp",
        abstract: "Serve an editor: diagnostics, completion, hover and formatting of profiles.",
        discussion: """
            It speaks the Language Server Protocol on standard input and output. Editors start it; \
            /usr/share/doc/onion-grater/editors.md has what to tell them.
            """)

    @Flag(help: "Speak on standard input and output, as it does anyway; many editors say so.")
    var stdio = false

    func run() throws {
        let status = LanguageServer.serve(read: Self.read) { bytes in
            OutputStream.output.write(String(decoding: bytes, as: UTF8.self))
        }
        throw ExitCode(status)
    }

    private static func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return Array(buffer.prefix(max(count, 0)))
        }
    }
}
