import Foundation
import Profiles
import Testing

@testable import GraterCheck

/// The JSON Schema of profiles: it is the reader's own, the copy that is shipped is this one, and it takes what the reader takes.
@Suite struct ProfileSchemaTests {
    private static var schema: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(ProfileSchema.text.utf8)) as? [String: Any]) ?? [:]
    }

    @Test func theShippedCopyIsThisOne() throws {
        let copy = RepositoryFolder.url.appendingPathComponent("docs/profile.schema.json")
        #expect(try String(contentsOf: copy, encoding: .utf8) == ProfileSchema.text)
    }

    @Test func everyKeyIsExplained() {
        for key in ProfileKeys.filter + ProfileKeys.rule + ProfileKeys.event {
            #expect(ProfileSchema.meanings[key] != nil, "\(key)")
        }
        #expect(
            Set(ProfileSchema.meanings.keys)
                == Set(ProfileKeys.filter + ProfileKeys.rule + ProfileKeys.event))
    }

    private static let profiles: [String] = {
        let folder = RepositoryFolder.url.appendingPathComponent("profiles").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yml") }.sorted().map { "\(folder)/\($0)" }
    }()

    @Test(arguments: profiles) func shippedProfilesFit(file: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let node = try #require(try YAMLReader.read(Array(bytes), file: file))
        #expect(Self.problem(node) == nil)
    }

    /// What the reader refuses for its form, the schema refuses too.
    @Test(arguments: [
        "- {nam: x}", "- {sockets: x}", "- {sockets: [x], commands: {GETINFO: version}}",
        "- {sockets: [x], commands: {GETINFO: [{patern: x}]}}",
        "- {sockets: [x], commands: {GETINFO: [{replacement: x}]}}",
        "- {sockets: [x], events: {BW: {suppres: true}}}", "- {sockets: [x], mode: off-duty}",
        "- {sockets: [x], own-listeners: {within: 0}}", "- {sockets: [x], only-own-onions: 'yes'}", "{sockets: [x]}",
    ])
    func whatTheReaderRefusesDoesNotFit(text: String) throws {
        #expect(ProfileFile.parse(Array(text.utf8), file: "x.yml").hasErrors)
        let node = try #require(try YAMLReader.read(Array(text.utf8), file: "x.yml"))
        #expect(Self.problem(node) != nil)
    }

    @Test(arguments: [
        "- {sockets: [x], users: [1000, '*'], own-listeners: {within: 5}, accept: {address: why}}",
        "- {sockets: [x], confs: {DisableNetwork: [0, '1'], Nickname: }, events: {BW: , SIGNAL: {suppress: true}}}",
        "- {sockets: [x], commands: {NEWCOMMAND: [''], GETINFO: [{pattern: x, response: [{pattern: a, replacement: b}]}]}}",
        "- {sockets: [x], commands: {GETINFO: [{pattern: x, response: {lines: [a], otherwise: drop}}]}}",
    ])
    func whatTheReaderTakesFits(text: String) throws {
        #expect(!ProfileFile.parse(Array(text.utf8), file: "x.yml").hasErrors)
        let node = try #require(try YAMLReader.read(Array(text.utf8), file: "x.yml"))
        #expect(Self.problem(node) == nil)
    }

    private static func problem(_ node: YAMLNode) -> String? {
        let schema = schema
        return Validator(definitions: schema["$defs"] as? [String: [String: Any]] ?? [:]).problem(value(node), schema)
    }

    /// A node as a YAML parser of an editor's gives it.
    private static func value(_ node: YAMLNode) -> Any {
        switch node.content {
        case .sequence(let elements): return elements.map(value)
        case .mapping(let entries):
            return Dictionary(uniqueKeysWithValues: entries.map { ($0.key.text, value($0.value)) })
        case .scalar(let scalar):
            if scalar.isNull { return NSNull() }
            if let boolean = scalar.boolean { return boolean }
            if scalar.style == .plain, let number = Int(scalar.text) { return number }
            return scalar.text
        }
    }
}

/// The part of JSON Schema that ours uses.
private struct Validator {
    let definitions: [String: [String: Any]]

    /// Why a value does not fit.
    func problem(_ value: Any, _ schema: [String: Any]) -> String? {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            return problem(value, definitions[name] ?? ["enum": []])
        }
        if let forms = schema["anyOf"] as? [[String: Any]] {
            return forms.contains { problem(value, $0) == nil } ? nil : "\(value) has none of the forms"
        }
        if let values = schema["enum"] as? [String] {
            return values.contains { $0 == value as? String } ? nil : "\(value) is none of \(values)"
        }
        let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { isOf($0, value) }) { return "\(value) is not \(types)" }
        if let number = value as? Int, !(value is Bool) {
            if let least = schema["minimum"] as? Int, number < least { return "\(number) is too small" }
            if let most = schema["maximum"] as? Int, number > most { return "\(number) is too large" }
        }
        if let elements = value as? [Any], let items = schema["items"] as? [String: Any] {
            return elements.lazy.compactMap { problem($0, items) }.first
        }
        guard let members = value as? [String: Any] else { return nil }
        for key in schema["required"] as? [String] ?? [] where members[key] == nil { return "\(key) is missing" }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        for (key, member) in members {
            if let known = properties[key] ?? schema["additionalProperties"] as? [String: Any] {
                if let problem = problem(member, known) { return "\(key): \(problem)" }
            } else if schema["additionalProperties"] as? Bool == false {
                return "\(key) is not a key"
            }
        }
        return nil
    }

    private func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "string": value is String
        case "boolean": value is Bool
        case "integer", "number": value is Int && !(value is Bool)
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "null": value is NSNull
        default: false
        }
    }
}
