import Foundation
import JSONText
import Testing

@testable import GraterCheck

/// The protocol that editors speak, as a transcript; Tests/editors has a real editor.
@Suite struct LanguageServerTests {
    private let uri = "file:///tmp/a%20b/x.yml"

    /// What the server sends, in order.
    private func say(_ server: inout LanguageServer, _ message: JSONValue) throws -> [JSONValue] {
        try server.take(message.line).map { try JSONValue($0) }
    }

    private func request(_ id: Int, _ method: String, _ parameters: JSONValue = .null) -> JSONValue {
        .object(["jsonrpc": .string("2.0"), "id": .integer(id), "method": .string(method), "params": parameters])
    }

    private func notification(_ method: String, _ parameters: JSONValue = .null) -> JSONValue {
        .object(["jsonrpc": .string("2.0"), "method": .string(method), "params": parameters])
    }

    private func document(_ text: String) -> JSONValue {
        .object(["textDocument": .object(["uri": .string(uri), "text": .string(text)])])
    }

    private func place(_ line: Int, _ character: Int) -> JSONValue {
        .object([
            "textDocument": .object(["uri": .string(uri)]),
            "position": .object(["line": .integer(line), "character": .integer(character)]),
        ])
    }

    /// A server that has this document open, and what it said of it.
    private func server(_ text: String) throws -> (LanguageServer, [JSONValue]) {
        var server = LanguageServer()
        _ = try say(&server, request(1, "initialize"))
        _ = try say(&server, notification("initialized"))
        let sent = try say(&server, notification("textDocument/didOpen", document(text)))
        return (server, sent.first?["params"]?["diagnostics"]?.elements ?? [])
    }

    @Test func beginsAndEndsInOrder() throws {
        var server = LanguageServer()
        #expect(try say(&server, request(1, "textDocument/hover"))[0]["error"]?["code"]?.integer == -32002)
        let begun = try say(&server, request(2, "initialize"))
        #expect(begun[0]["result"]?["capabilities"]?["hoverProvider"]?.boolean == true)
        #expect(try say(&server, request(3, "no/such"))[0]["error"]?["code"]?.integer == -32601)
        #expect(try say(&server, request(4, "shutdown"))[0]["result"] == .null)
        #expect(try say(&server, request(5, "textDocument/hover"))[0]["error"]?["code"]?.integer == -32600)
        #expect(try say(&server, notification("exit")).isEmpty && server.exitStatus == 0)
        var hasty = LanguageServer()
        _ = try say(&hasty, notification("exit"))
        #expect(hasty.exitStatus == 1)
        #expect(try JSONValue(hasty.take(Array("{".utf8))[0])["error"]?["code"]?.integer == -32700)
    }

    @Test func tellsWhatIsWrongAndWhere() throws {
        var (server, found) = try server("# 😀\n- name: '😀'\n  sockets: [x]\n  comands: {}\n")
        #expect(found.count == 1 && found[0]["code"]?.text == "unknown-key")
        #expect(found[0]["message"]?.text?.contains("did you mean 'commands'?") == true)
        let range = found[0]["range"]
        #expect(range?["start"]?["line"]?.integer == 3 && range?["start"]?["character"]?.integer == 2)
        #expect(range?["end"]?["character"]?.integer == 9)
        let change = JSONValue.object([
            "textDocument": .object(["uri": .string(uri)]),
            "contentChanges": .array([.object(["text": .string("- {name: '😀', sockets: [x], mode: no}\n")])]),
        ])
        let sent = try say(&server, notification("textDocument/didChange", change))
        // Characters outside the basic plane count twice.
        let start = sent[0]["params"]?["diagnostics"]?.elements?.first?["range"]?["start"]
        #expect(start?["character"]?.integer == 35, "\(sent)")
        let closed = try say(&server, notification("textDocument/didClose", document("")))
        #expect(closed[0]["params"]?["diagnostics"] == .array([]))
        #expect(try say(&server, request(9, "textDocument/hover", place(0, 0)))[0]["error"] != nil)
    }

    @Test(arguments: [
        (1, 3, "tor-browser-mode", "- name: x\n  \n"), (2, 4, "GETINFO", "- name: x\n  commands:\n    \n"),
        (0, 38, "status/bootstrap-phase", "- {name: x, commands: {GETINFO: [stat"),
        (0, 31, "HS_DESC", "- {name: x, events: {CIRC: ,   }}"), (2, 4, "SocksPort", "- name: x\n  confs:\n    \n"),
        (2, 4, "guards", "- name: x\n  accept:\n    \n"), (1, 8, "complain", "- name: x\n  mode: \n"),
    ]) func completes(_ line: Int, _ character: Int, _ word: String, _ text: String) throws {
        var (server, _) = try server(text)
        let items = try say(&server, request(2, "textDocument/completion", place(line, character)))[0]["result"]?
            .elements
        #expect(
            items?.contains { $0["label"]?.text == word } == true, "\(items?.compactMap { $0["label"]?.text } ?? [])")
    }

    @Test func explainsWordsAndHazards() throws {
        var (server, _) = try server("- name: x\n  sockets: [x]\n  commands:\n    GETINFO: ['address']\n")
        func hover(_ line: Int, _ character: Int) throws -> String {
            try say(&server, request(2, "textDocument/hover", place(line, character)))[0]["result"]?["contents"]?[
                "value"]?.text ?? ""
        }
        #expect(try hover(1, 4).contains("Names of listeners"))
        let text = try hover(3, 6)
        #expect(text.contains("Rules see each keyword by itself") && text.contains("critical `address`"), "\(text)")
        #expect(try hover(0, 9).isEmpty)
    }

    @Test func formatsWhatCanBeRead() throws {
        var (server, _) = try server("- {name: x, sockets: [x],   commands: {GETINFO: [version]}}\n")
        let edits = try say(&server, request(2, "textDocument/formatting", place(0, 0)))[0]["result"]?.elements
        let text = try #require(edits?.first?["newText"]?.text)
        var (again, _) = try self.server(text)
        #expect(try say(&again, request(2, "textDocument/formatting", place(0, 0)))[0]["result"] == .array([]))
        var (broken, _) = try self.server("- [")
        #expect(try say(&broken, request(2, "textDocument/formatting", place(0, 0)))[0]["error"] != nil)
    }

    /// Whatever is typed, and wherever the cursor is: an answer.
    @Test func answersAtEveryPlaceOfEveryPrefix() throws {
        let text = "- name: x\n  commands:\n    GETINFO: [{pattern: 'a', response: [{pattern: b, re"
        for length in 0...text.count {
            var (server, _) = try server(String(text.prefix(length)))
            for method in ["completion", "hover"] {
                for character in [0, 3, 20, 200] {
                    let answer = try say(&server, request(2, "textDocument/\(method)", place(0, character)))
                    #expect(answer.count == 1 && answer[0]["error"] == nil, "\(length) \(answer)")
                }
            }
        }
    }

    @Test func messagesAreCutWhereverTheirPiecesEnd() throws {
        let whole = MessageStream.frame(Array("{}".utf8)) + Array("content-length:2\r\nContent-Type: x\r\n\r\n[]".utf8)
        for size in 1...whole.count {
            var stream = MessageStream()
            var messages = [[UInt8]]()
            for start in stride(from: 0, to: whole.count, by: size) {
                stream.append(whole[start..<min(start + size, whole.count)])
                while let message = try stream.next() { messages.append(message) }
            }
            #expect(messages == [Array("{}".utf8), Array("[]".utf8)])
        }
        for bad in [
            "Content-Length: -1\r\n\r\n", "X: 1\r\n\r\n", "Content-Length: 99999999999\r\n\r\n",
            String(repeating: "x", count: 5000),
        ] {
            var stream = MessageStream()
            stream.append(bad.utf8)
            #expect(throws: MessageStream.Failure.self) { try stream.next() }
        }
    }
}
