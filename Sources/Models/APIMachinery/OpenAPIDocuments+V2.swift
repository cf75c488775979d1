package import ClusterAPI

/// OpenAPI v2, which kubectl up to 1.26 reads.
///
/// It defines no kinds: clients skip validation of what it does not define and take merge keys from their own types.
extension OpenAPIDocuments {
    private static let title = "Gabion"
    private static let version = "v1.32.0"

    /// The Content-Type of `v2Protobuf`.
    ///
    /// Clients ask for it with `@` in place of the dot before `v1.0`, which is no media type by RFC 7231 and must not
    /// come back.
    package static let v2ProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    package var v2: JSONValue {
        [
            "swagger": "2.0", "info": ["title": .string(Self.title), "version": .string(Self.version)], "paths": [:],
            "definitions": [:],
        ]
    }

    /// The same as `v2` in the encoding of gnostic's `openapi.v2.Document`.
    package var v2Protobuf: [UInt8] {
        var info = ProtobufMessage()
        info.append(field: 1, text: Self.title)
        info.append(field: 2, text: Self.version)
        var document = ProtobufMessage()
        document.append(field: 1, text: "2.0")
        document.append(field: 2, message: info)
        document.append(field: 8, message: ProtobufMessage())
        document.append(field: 9, message: ProtobufMessage())
        return document.bytes
    }
}

/// A protobuf message of length-delimited fields.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    mutating func append(field: UInt64, text: String) { append(field: field, Array(text.utf8)) }
    mutating func append(field: UInt64, message: ProtobufMessage) { append(field: field, message.bytes) }

    private mutating func append(field: UInt64, _ content: [UInt8]) {
        appendVarint(field << 3 | 2)
        appendVarint(UInt64(content.count))
        bytes += content
    }

    private mutating func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
