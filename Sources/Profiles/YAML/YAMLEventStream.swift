import CLibYAML

/// The events of libyaml's parser for one file: documents, mappings, sequences and scalars as they begin and end.
///
/// Owns the parser and every event of it, so that nothing of libyaml's leaks out of this file.
struct YAMLEventStream: ~Copyable {
    struct Event {
        enum Kind {
            case streamStart, streamEnd, documentStart, documentEnd
            case alias
            case scalar(YAMLScalar)
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        }

        let kind: Kind
        let location: SourceLocation
        let hasAnchor: Bool
        let hasTag: Bool
    }

    private let file: String
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// On the heap, for the parser keeps pointers to itself.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Throws if there is no memory.
    init(_ bytes: some Collection<UInt8>, file: String) throws(Diagnostic) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw Diagnostic(.error, .unreadableFile, at: .whole(file), "not enough memory to read it")
        }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        self.file = file
        self.input = input
        self.parser = parser
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. Not to be called again after `streamEnd` or an error.
    mutating func next() throws(Diagnostic) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        let location = location(of: event.start_mark)
        func make(
            _ kind: Event.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil, tag: UnsafeMutablePointer<UInt8>? = nil
        ) -> Event {
            Event(kind: kind, location: location, hasAnchor: anchor != nil, hasTag: tag != nil)
        }
        switch event.type {
        case YAML_STREAM_START_EVENT: return make(.streamStart)
        case YAML_STREAM_END_EVENT: return make(.streamEnd)
        case YAML_DOCUMENT_START_EVENT: return make(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
        case YAML_ALIAS_EVENT: return make(.alias)
        case YAML_SEQUENCE_START_EVENT:
            return make(.sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
        case YAML_MAPPING_START_EVENT:
            return make(.mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
        case YAML_SCALAR_EVENT:
            return make(.scalar(scalar(event)), anchor: event.data.scalar.anchor, tag: event.data.scalar.tag)
        default: throw Diagnostic(.error, .notYAML, at: location, "not valid YAML")
        }
    }

    private func scalar(_ event: yaml_event_t) -> YAMLScalar {
        let style: YAMLScalar.Style =
            switch event.data.scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: .plain
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            default: .block
            }
        let (start, end) = (event.start_mark, event.end_mark)
        return YAMLScalar(
            text: String(
                decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length),
                as: UTF8.self),
            style: style,
            location: location(of: start),
            end: location(of: end))
    }

    private func location(of mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private func syntaxError() -> Diagnostic {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be parsed"
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            let isText = problem == "control characters are not allowed"
            return Diagnostic(
                .error, .notYAML, at: positions.location(ofByte: parser.pointee.problem_offset),
                isText ? problem : "not text in UTF-8: \(problem)",
                suggestion: isText ? "remove it" : "convert the file to UTF-8")
        case YAML_MEMORY_ERROR:
            return Diagnostic(.error, .unreadableFile, at: .whole(file), "not enough memory to read it")
        default:
            let mark = parser.pointee.problem_mark
            let start = parser.pointee.context_mark.line
            let context = parser.pointee.context.map { context in
                " \(String(cString: context))" + (start < mark.line ? " that begins at line \(start + 1)" : "")
            }
            return Diagnostic(
                .error, .notYAML, at: positions.clamped(location(of: mark)),
                "not valid YAML: \(problem)\(context ?? "")",
                suggestion: hint(at: mark))
        }
    }

    private var positions: TextPositions { TextPositions(file: file, bytes: UnsafeBufferPointer(input)) }

    /// The two mistakes that libyaml's messages do not explain.
    private func hint(at mark: yaml_mark_t) -> String? {
        let character = String(decoding: input, as: UTF8.self).unicodeScalars.dropFirst(mark.index).first
        if character == "\t" { return "indent with spaces, not with tabs" }
        let context = parser.pointee.context.map { String(cString: $0) }
        return context == "while scanning an alias" ? "put '*' in quotes" : nil
    }
}
