import ClusterAPI
import FoundationEssentials
import NIOCore

/// JSON on the wire: objects out, answers in.
enum WireCodec {
    /// Servers read what is applied as YAML, which knows no escaped slash; JSON needs none.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return [UInt8](try encoder.encode(value))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer, of request: APIRequest) throws
        -> Value
    {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            let (field, problem) = error.fieldAndProblem
            throw KubernetesError.unreadable(
                method: request.method.rawValue, path: request.path, reason: "\(field): \(problem)")
        }
    }
}

/// `metadata` of a list or a bookmark.
struct CollectionMeta: Decodable {
    var resourceVersion: String?
    var `continue`: String?
}

/// The part of an object that tells which one it is, read even when the rest of its metadata is odd.
struct ObjectStub: Decodable {
    struct Identity: Decodable {
        var name: String?
        var namespace: String?
        var resourceVersion: String?
    }

    var metadata: Identity?

    var key: ObjectKey { ObjectKey(namespace: metadata?.namespace ?? "", name: metadata?.name ?? "") }
}

/// An object, or the reason why it is not one.
enum Readable<Object: Decodable>: Decodable {
    case object(Object)
    case unreadable(UnreadableObject)

    init(from decoder: any Decoder) throws {
        do {
            self = .object(try Object(from: decoder))
        } catch let error as DecodingError {
            let stub = try? ObjectStub(from: decoder)
            let (field, problem) = error.fieldAndProblem
            self = .unreadable(
                UnreadableObject(
                    key: stub?.key ?? ObjectKey(namespace: "", name: ""), reason: "\(field): \(problem)"))
        }
    }
}

/// The answer to a list request.
struct WireList<Object: Decodable>: Decodable {
    var metadata: CollectionMeta?
    var items: [Readable<Object>]?
}
