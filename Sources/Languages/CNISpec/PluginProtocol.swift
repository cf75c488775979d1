/// What the plugin sends to the agent: one per connection, framed by `Frame`.
package struct PluginRequest: Codable, Hashable, Sendable {
    package var invocation: Invocation
    /// The text that the runtime wrote to standard input.
    package var configuration: String

    package init(invocation: Invocation, configuration: String) {
        self.invocation = invocation
        self.configuration = configuration
    }
}

/// What the agent answers: the plugin prints `output` and exits with `exitCode`.
package struct PluginResponse: Codable, Hashable, Sendable {
    /// 0 for success, 1 for an error document.
    package var exitCode: Int32
    /// The JSON document for standard output; empty for verbs that answer nothing.
    package var output: String

    package init(exitCode: Int32, output: String) {
        self.exitCode = exitCode
        self.output = output
    }
}

/// The framing of both directions: four bytes of length, big-endian, then that many bytes of JSON.
package enum Frame {
    package static let headerLength = 4
    /// Larger frames are refused: no configuration of a sane runtime comes near.
    package static let maximumBody = 4 << 20

    package static func encode(_ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
    }

    /// The length that a header announces; nil if it is not four bytes or beyond the limit.
    package static func bodyLength(header: some Collection<UInt8>) -> Int? {
        guard header.count == headerLength else { return nil }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        return length <= maximumBody ? length : nil
    }
}
