extension Decoder {
    /// Decodes one string and parses it, naming what was expected when it does not parse.
    func parsedText<Value>(_ expected: String, _ parse: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = parse(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not \(expected)")
        }
        return value
    }
}
