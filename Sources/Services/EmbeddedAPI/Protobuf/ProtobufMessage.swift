import ClusterAPI
import Foundation

/// The fields of a message by number, with their names in JSON: as much of a `.proto` file as reading needs.
struct ProtobufMessage: Sendable {
    indirect enum Field: Sendable {
        case string, int, bool
        case strings
        case stringMap
        /// Values are base64 in JSON.
        case bytesMap
        case intOrString
        case message(ProtobufMessage)
        case messages(ProtobufMessage)
        /// Its members are members of the message around it.
        case inlined(ProtobufMessage)
    }

    let fields: [Int: (name: String, field: Field)]

    init(_ fields: [Int: (String, Field)]) { self.fields = fields.mapValues { (name: $0.0, field: $0.1) } }

    /// Reads a message.
    ///
    /// Fields that the table does not know are skipped; empty texts, zeros and empty messages are left out, as
    /// Kubernetes writes every field and means absent ones by them.
    func decode(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSONValue {
        var object: [String: JSONValue] = [:]
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard let (name, field) = fields[number] else { continue }
            switch (field, value) {
            case (.int, .number(let number)) where number != 0: object[name] = .int(Int64(bitPattern: number))
            case (.bool, .number(let number)) where number != 0: object[name] = true
            case (.string, .bytes(let bytes)) where !bytes.isEmpty: object[name] = .string(try Self.text(bytes))
            case (.strings, .bytes(let bytes)):
                object[name] = .array((object[name]?.array ?? []) + [.string(try Self.text(bytes))])
            case (.stringMap, .bytes(let bytes)), (.bytesMap, .bytes(let bytes)):
                var members = object[name]?.object ?? [:]
                let (key, content) = try Self.entry(bytes)
                if case .stringMap = field {
                    members[key] = .string(try Self.text(content))
                } else {
                    members[key] = .string(Data(content).base64EncodedString())
                }
                object[name] = .object(members)
            case (.intOrString, .bytes(let bytes)): object[name] = try Self.intOrString(bytes)
            case (.message(let inner), .bytes(let bytes)):
                let value = try inner.decode(bytes)
                if value != [:] { object[name] = value }
            case (.messages(let inner), .bytes(let bytes)):
                object[name] = .array((object[name]?.array ?? []) + [try inner.decode(bytes)])
            case (.inlined(let inner), .bytes(let bytes)):
                object.merge(try inner.decode(bytes).object ?? [:]) { _, new in new }
            default: continue
            }
        }
        return .object(object)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ProtobufError() }
        return text
    }

    private static func entry(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> (String, ArraySlice<UInt8>) {
        var key = ""
        var content: ArraySlice<UInt8> = []
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            if number == 1 { key = try text(bytes) } else if number == 2 { content = bytes }
        }
        return (key, content)
    }

    /// util/intstr: type 0 is a number in field 2, type 1 a text in field 3.
    private static func intOrString(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSONValue {
        var isText = false
        var number: Int64 = 0
        var content = ""
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let type)): isText = type == 1
            case (2, .number(let bits)): number = Int64(bitPattern: bits)
            case (3, .bytes(let bytes)): content = try text(bytes)
            default: continue
            }
        }
        return isText ? .string(content) : .int(number)
    }
}
