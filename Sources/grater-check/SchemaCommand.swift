import ArgumentParser
import GraterCheck

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the format of profiles as a JSON Schema, for editors.",
        discussion: """
            An editor with a YAML language server completes keys by it and shows what they mean. 'lint' checks more.

              grater-check schema > ~/.config/onion-grater.schema.json
            """
    )

    func run() throws {
        OutputStream.output.write(ProfileSchema.text)
    }
}
