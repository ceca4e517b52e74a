import Foundation
import JSONText
import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// Texts that people write or programs send to grater-check, nearly right.
@Suite struct TextFuzzTests {
    private static func corpus(_ folder: String, _ suffix: String, below limit: Int) throws -> [String] {
        let url = RepositoryFolder.url.appendingPathComponent(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(suffix) }
            .sorted()
        return try names.map { try String(contentsOf: url.appendingPathComponent($0), encoding: .utf8) }
            .filter { $0.utf8.count < limit }
    }

    /// A transcript is run, or the error names one of its lines.
    @Test func transcriptsAreRunOrRefused() throws {
        let corpus = try Self.corpus("Tests/FilterEngineTests/Transcripts", ".transcript", below: 6000)
        #expect(corpus.count > 5)
        let words = [
            "C: ", "T: ", "C>T: ", "T>C: ", ">C: ", ">T: ", "== ", "profile:", "\\r\\n", "|", "...", "connect", "close",
        ]
        var fuzz = Fuzz(corpus: corpus, words: words, rounds: 300)
        while let input = fuzz.next() {
            let lines = input.split(separator: 10, omittingEmptySubsequences: false).count
            do {
                for failure in try Transcript(parsing: input, file: "x.transcript").run() {
                    #expect((0...lines).contains(failure.line), "seed \(fuzz.seed)")
                }
            } catch {
                #expect(!"\(error)".isEmpty, "seed \(fuzz.seed)")
            }
        }
    }

    /// The log is another program's: denials, or nothing.
    @Test func logsAreReadAsFarAsTheyGo() {
        let corpus = [
            "onion-grater: notice: denied: GETINFO address: no rule of this command matches 'address' profile=chat session=1\n",
            #"{"decision":"denied","profile":"chat","command":"GETINFO x"}"# + "\n",
            #"{"GRATER_DECISION":"denied","GRATER_COMMAND":"ADD_ONION RSA1024:[redacted] Port=80","GRATER_PROFILE":"a"}"#
                + "\n",
        ]
        var fuzz = Fuzz(
            corpus: corpus,
            words: ["denied: ", "profile=", "\"", "\\", "[redacted]", ": the profile has no rule", "{", "}"])
        while let input = fuzz.next() {
            for (denial, count) in DenialLog(input).denials {
                #expect(count > 0 && !denial.command.contains(10), "seed \(fuzz.seed)")
                // Nor may what is proposed for it break the profile.
                let yaml = ProfileDraft(commands: [denial.command]).yaml(name: "x")
                #expect(!ProfileFile.parse(Array(yaml.utf8), file: "x.yml").hasErrors, "seed \(fuzz.seed): \(yaml)")
            }
        }
    }

    /// To each request of an editor's there is one answer, and it is JSON.
    @Test func editorsAreAnswered() throws {
        let text = #"- name: x\n  sockets: [x]\n  commands:\n    GETINFO: [version, {pattern: a, response: []}]\n"#
        let opened =
            #"{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///x.yml","text":"\#(text)"}}}"#
        let corpus =
            [
                opened, #"{"id":1,"method":"initialize","params":{}}"#, #"{"id":9,"method":"shutdown"}"#,
                #"{"id":5,"method":"textDocument/formatting","params":{"textDocument":{"uri":"file:///x.yml"}}}"#,
            ]
            + ["completion", "hover"].map {
                #"{"id":2,"method":"textDocument/\#($0)","params":{"textDocument":{"uri":"file:///x.yml"},"position":{"line":3,"character":14}}}"#
            }
        var fuzz = Fuzz(
            corpus: corpus, words: ["- ", "commands:", "\\n", "{", "}", "[", "\"", "'", "GETINFO", "9", "-1", "null"],
            rounds: 1500)
        var server = LanguageServer()
        while let input = fuzz.next() {
            let value = try? JSONValue(input)
            let answers = server.take(input)
            for answer in answers { #expect((try? JSONValue(answer)) != nil, "seed \(fuzz.seed)") }
            if value?["method"]?.text != nil, value?["id"] != nil {
                #expect(answers.count == 1, "seed \(fuzz.seed): \(String(decoding: input, as: UTF8.self))")
            }
            // A server that is shutting down hears nothing any more: another one begins.
            if fuzz.count % 20 == 0 {
                server = LanguageServer()
                for message in [corpus[1], opened] { _ = server.take(Array(message.utf8)) }
            }
        }
    }
}
