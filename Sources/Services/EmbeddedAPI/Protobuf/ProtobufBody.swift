import APIMachinery
import ClusterAPI

/// Bodies of `application/vnd.kubernetes.protobuf`: kubectl's `create` commands send them.
enum ProtobufBody {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// `k8s` and a zero byte precede the envelope, runtime.Unknown.
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// The object with its `apiVersion` and `kind`.
    ///
    /// 400 for bytes that are no message, 415 for kinds without a table here.
    static func decode(_ bytes: some Collection<UInt8>) throws(APIStatus) -> JSONValue {
        guard bytes.starts(with: magic) else { throw .badRequest("the body is not a Kubernetes protobuf message") }
        do {
            return try open(Array(bytes.dropFirst(magic.count)))
        } catch let failure as APIStatus {
            throw failure
        } catch {
            throw .badRequest("the body is not a Kubernetes protobuf message")
        }
    }

    private static func open(_ envelope: [UInt8]) throws -> JSONValue {
        var version = ""
        var kind = ""
        var content: ArraySlice<UInt8> = []
        var reader = ProtobufReader(envelope)
        while let (field, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            if field == 1 {
                let type = try typeMeta.decode(bytes)
                version = type["apiVersion"]?.string ?? ""
                kind = type["kind"]?.string ?? ""
            } else if field == 2 {
                content = bytes
            }
        }
        guard let table = ProtobufMessage.kinds[kind] else {
            throw APIStatus(
                code: 415, reason: "UnsupportedMediaType",
                message: "this server reads \(kind) as application/json, not as \(mediaType)")
        }
        var object = try table.decode(content)
        object["apiVersion"] = .string(version)
        object["kind"] = .string(kind)
        return object
    }

    private static let typeMeta = ProtobufMessage([1: ("apiVersion", .string), 2: ("kind", .string)])
}
