import ControlProtocol
import GraterCheck
import ProxyServer

/// Takes the secrets out of a recording: private keys of onion services and of their clients, and what clients authenticate
/// with.
///
/// Each secret becomes another of the same form, and the same one wherever it stands, so that the recording still runs: the
/// rules of a profile match keys by their form. The lines of one side that follow one another are put together first, so that
/// no secret is cut in two.
struct RecordingRedaction {
    private typealias Observation = PrivateUse.Observation

    private var replacements: [[UInt8]: [UInt8]] = [:]

    mutating func redact(_ session: [PrivateUse.Observation]) -> [PrivateUse.Observation] {
        var output = [Observation]()
        for observation in session {
            switch (output.last, observation) {
            case (.fromClient(let bytes)?, .fromClient(let more)): output[output.count - 1] = .fromClient(bytes + more)
            case (.fromTor(let bytes)?, .fromTor(let more)): output[output.count - 1] = .fromTor(bytes + more)
            case (_, .decided): continue
            default: output.append(observation)
            }
        }
        return output.map { observation in
            switch observation {
            case .fromClient(let bytes): .fromClient(redact(bytes))
            case .toTor(let bytes): .toTor(redact(bytes))
            case .fromTor(let bytes): .fromTor(redact(bytes))
            case .toClient(let bytes): .toClient(redact(bytes))
            case .decided, .clientFinished, .closing: observation
            }
        }
    }

    private mutating func redact(_ bytes: [UInt8]) -> [UInt8] {
        Array(WireText.lines(bytes).map { redact(line: Array($0)) }.joined())
    }

    private mutating func redact(line: [UInt8]) -> [UInt8] {
        let words = line.split(separator: .space, maxSplits: 1)
        if let word = words.first, word.equalsIgnoringCase("AUTHENTICATE".utf8), words.count == 2 {
            let end = line.suffix(while: { $0 == .carriageReturn || $0 == .lineFeed })
            return Array(word) + [.space] + stand(for: Array(words[1].dropLast(end.count))) + Array(end)
        }
        var output = [UInt8]()
        var rest = line[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            output += rest[...colon]
            let isKey = Self.types.contains { output.dropLast().suffix($0.count).equalsIgnoringCase($0) }
            let key = rest[(colon + 1)...].prefix(while: \.isKeyByte)
            output += isKey && !key.isEmpty ? stand(for: Array(key)) : Array(key)
            rest = rest[(colon + 1 + key.count)...]
        }
        return output + Array(rest)
    }

    /// What stands before the colon of a private key (control-spec, sections 3.27 and 3.30).
    private static let types = ["ED25519-V3", "RSA1024", "x25519"].map { Array($0.utf8) }

    /// Letters and digits are shuffled within their kind, so that base64, base32 and hexadecimal stay what they are.
    private mutating func stand(for secret: [UInt8]) -> [UInt8] {
        if let known = replacements[secret] { return known }
        var number = replacements.count + 1
        let made = secret.map { byte -> UInt8 in
            number = (number &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
            let choice = UInt8(truncatingIfNeeded: number >> 16)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt8(ascii: "0") + choice % 10
            case UInt8(ascii: "a")...UInt8(ascii: "f"): return UInt8(ascii: "a") + choice % 6
            case UInt8(ascii: "A")...UInt8(ascii: "F"): return UInt8(ascii: "A") + choice % 6
            case UInt8(ascii: "g")...UInt8(ascii: "z"): return UInt8(ascii: "g") + choice % 20
            case UInt8(ascii: "G")...UInt8(ascii: "Z"): return UInt8(ascii: "G") + choice % 20
            default: return byte
            }
        }
        replacements[secret] = made
        return made
    }
}

extension UInt8 {
    /// Whether it can be part of a key in base64.
    fileprivate var isKeyByte: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: "+") || self == UInt8(ascii: "/") || self == .equals
    }
}

extension [UInt8] {
    fileprivate func suffix(while predicate: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = lastIndex { !predicate($0) }.map { $0 + 1 } ?? startIndex
        return self[start...]
    }
}
