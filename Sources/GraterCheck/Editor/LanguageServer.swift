import JSONText
import Profiles
import ServiceInterface

/// `grater-check lsp`: answers editors' questions about profiles (Language Server Protocol 3.17): diagnostics, completion,
/// hover, formatting.
///
/// It does no I/O: a message goes in, and the answers come out. A request that it does not know, or that it cannot answer,
/// gets an error and changes nothing.
public struct LanguageServer {
    private enum State: Equatable {
        case starting
        case running
        /// The editor has said `shutdown`: only `exit` is left.
        case stopping
        case exited(status: Int32)
    }

    /// Errors of the protocol (`ErrorCodes`).
    private enum ErrorCode: Int {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParameters = -32602
        case notInitialized = -32002
        case requestFailed = -32803
    }

    private var state = State.starting
    private var documents: [String: ProfileDocument] = [:]

    public init() {}

    /// What the process ends with, once the editor has said `exit`: 1 if it did not say `shutdown` before.
    public var exitStatus: Int32? {
        if case .exited(let status) = state { status } else { nil }
    }

    /// Handles a message's content, and returns the contents of the messages to send.
    mutating func take(_ content: [UInt8]) -> [[UInt8]] {
        let message: JSONValue
        do throws(JSONError) { message = try JSONValue(content) } catch {
            return [Self.failure(.null, .parseError, "not JSON: \(error)").line]
        }
        guard let method = message["method"]?.text else {
            // An answer to a question: none was asked.
            return []
        }
        let parameters = message["params"] ?? .null
        guard let id = message["id"] else {
            return notification(method, parameters).map(\.line)
        }
        return [request(method, parameters, id).line]
    }

    private mutating func request(_ method: String, _ parameters: JSONValue, _ id: JSONValue) -> JSONValue {
        switch (state, method) {
        case (.starting, "initialize"):
            state = .running
            return Self.result(id, Self.capabilities)
        case (.starting, _): return Self.failure(id, .notInitialized, "'initialize' comes first")
        case (.running, "shutdown"):
            state = .stopping
            return Self.result(id, .null)
        case (.running, "textDocument/completion"):
            return answer(id, parameters) { document, line, character in
                let prefix = document.prefix(line: line, character: character)
                let context = CursorContext(above: document.lines.prefix(line), prefix: prefix)
                return .array(ProfileCompletion.items(at: context))
            }
        case (.running, "textDocument/hover"):
            return answer(id, parameters) { document, line, character in
                guard let text = ProfileHover(document).text(line: line, character: character) else { return .null }
                return .object(["contents": .object(["kind": .string("markdown"), "value": .string(text)])])
            }
        case (.running, "textDocument/formatting"):
            guard let document = document(parameters) else { return Self.unknownDocument(id) }
            do {
                let text = try Format.canonicalText(of: Array(document.text.utf8), file: document.file)
                let edit = JSONValue.object(["range": document.wholeRange, "newText": .string(text)])
                return Self.result(id, .array(text == document.text ? [] : [edit]))
            } catch {
                return Self.failure(id, .requestFailed, "\(error)")
            }
        case (.running, _): return Self.failure(id, .methodNotFound, "'\(printable(method))' is not known")
        case (.stopping, _), (.exited, _): return Self.failure(id, .invalidRequest, "the server is shutting down")
        }
    }

    private mutating func notification(_ method: String, _ parameters: JSONValue) -> [JSONValue] {
        let document = parameters["textDocument"]
        switch (state, method) {
        case (_, "exit"):
            state = .exited(status: state == .stopping ? 0 : 1)
            return []
        case (.running, "textDocument/didOpen"):
            guard let uri = document?["uri"]?.text, let text = document?["text"]?.text else { return [] }
            return open(uri, text)
        case (.running, "textDocument/didChange"):
            // Changes are asked for as whole texts: the last one counts.
            guard let uri = document?["uri"]?.text, documents[uri] != nil,
                let text = parameters["contentChanges"]?.elements?.last?["text"]?.text
            else { return [] }
            return open(uri, text)
        case (.running, "textDocument/didClose"):
            guard let uri = document?["uri"]?.text, documents.removeValue(forKey: uri) != nil else { return [] }
            return [Self.diagnostics(uri, [])]
        default: return []
        }
    }

    private mutating func open(_ uri: String, _ text: String) -> [JSONValue] {
        let document = ProfileDocument(uri: uri, text: text)
        documents[uri] = document
        return [Self.diagnostics(uri, document.diagnostics.map { Self.diagnostic($0, document) })]
    }

    private func document(_ parameters: JSONValue) -> ProfileDocument? {
        parameters["textDocument"]?["uri"]?.text.flatMap { documents[$0] }
    }

    private func answer(
        _ id: JSONValue, _ parameters: JSONValue, _ body: (ProfileDocument, _ line: Int, _ character: Int) -> JSONValue
    ) -> JSONValue {
        guard let document = document(parameters) else { return Self.unknownDocument(id) }
        let position = parameters["position"]
        guard let line = position?["line"]?.integer, let character = position?["character"]?.integer,
            line >= 0, line <= document.lines.count, character >= 0
        else { return Self.failure(id, .invalidParameters, "no such position") }
        return Self.result(id, body(document, line, character))
    }

    private static func diagnostic(_ diagnostic: Diagnostic, _ document: ProfileDocument) -> JSONValue {
        let severity =
            switch diagnostic.severity {
            case .error: 1
            case .warning: 2
            case .note: 3
            }
        return .object([
            "range": document.range(of: diagnostic.location), "severity": .integer(severity),
            "code": .string(diagnostic.code.rawValue), "source": .string("grater-check"),
            "message": .string(diagnostic.message + (diagnostic.suggestion.map { " (\($0))" } ?? "")),
        ])
    }

    private static let capabilities = JSONValue.object([
        "capabilities": .object([
            "textDocumentSync": .object(["openClose": .boolean(true), "change": .integer(1)]),
            "completionProvider": .object([
                "triggerCharacters": .array([" ", "[", "{", ","].map { .string($0) })
            ]), "hoverProvider": .boolean(true), "documentFormattingProvider": .boolean(true),
        ]), "serverInfo": .object(["name": .string("grater-check"), "version": .string(Release.version)]),
    ])

    private static func diagnostics(_ uri: String, _ diagnostics: [JSONValue]) -> JSONValue {
        .object([
            "jsonrpc": .string("2.0"), "method": .string("textDocument/publishDiagnostics"),
            "params": .object(["uri": .string(uri), "diagnostics": .array(diagnostics)]),
        ])
    }

    private static func unknownDocument(_ id: JSONValue) -> JSONValue {
        failure(id, .invalidParameters, "this document is not open")
    }

    private static func result(_ id: JSONValue, _ value: JSONValue) -> JSONValue {
        .object(["jsonrpc": .string("2.0"), "id": id, "result": value])
    }

    private static func failure(_ id: JSONValue, _ code: ErrorCode, _ message: String) -> JSONValue {
        .object([
            "jsonrpc": .string("2.0"), "id": id,
            "error": .object(["code": .integer(code.rawValue), "message": .string(message)]),
        ])
    }
}

extension LanguageServer {
    /// Serves one editor until it says `exit` or is gone.
    ///
    /// - Parameters:
    ///   - read: the next bytes; none at the end.
    ///   - write: sends bytes.
    /// - Returns: the process's exit status.
    public static func serve(read: () -> [UInt8], write: ([UInt8]) -> Void) -> Int32 {
        var server = LanguageServer()
        var stream = MessageStream()
        while true {
            do throws(MessageStream.Failure) {
                while let content = try stream.next() {
                    for answer in server.take(content) { write(MessageStream.frame(answer)) }
                    if let status = server.exitStatus { return status }
                }
            } catch {
                write(MessageStream.frame(failure(.null, .parseError, "\(error)").line))
                return 1
            }
            let bytes = read()
            guard !bytes.isEmpty else { return 1 }
            stream.append(bytes)
        }
    }
}
