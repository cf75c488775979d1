import APIMachinery
import ClusterAPI
import NIOCore

/// How the objects of one request are written: in the version of its URL and the form of its Accept header.
struct ObjectRendering: Sendable {
    let resource: ResourceDescriptor
    let version: GroupVersion
    let form: AcceptHeader.ObjectForm
    let include: TableRenderer.IncludeObject
    /// Ages in tables are counted to this moment.
    let now: APITime

    /// True when an object's stored bytes are already what the client wants.
    var isVerbatim: Bool { form == .plain && version == resource.storage }

    /// One object as the answer of a request.
    func document(_ object: JSONValue) -> JSONValue {
        let converted = resource.converted(object, to: version)
        switch form {
        case .plain: return converted
        case .metadata: return Self.partial(converted)
        case .table(let tableVersion):
            return table([converted], metadata: metadata(revision: converted), tableVersion)
        }
    }

    func bytes(_ object: StoredObject) throws -> ByteBuffer {
        if isVerbatim { return object.bytes }
        return ByteBuffer(bytes: JSONText.encode(document(try object.document)))
    }

    /// The object inside a watch event; a table's columns are told on the first event only.
    func eventBytes(_ object: StoredObject, isFirst: Bool) throws -> ByteBuffer {
        guard case .table(let tableVersion) = form else { return try bytes(object) }
        let converted = resource.converted(try object.document, to: version)
        let table = renderer.table(
            of: [converted], metadata: metadata(revision: converted), version: tableVersion, include: include,
            withColumns: isFirst)
        return ByteBuffer(bytes: JSONText.encode(table))
    }

    /// A list with `metadata` (resourceVersion, continue, remainingItemCount).
    func listBytes(_ objects: some Collection<StoredObject>, metadata: JSONValue) throws -> ByteBuffer {
        switch form {
        case .plain: break
        case .table(let tableVersion):
            let documents = try objects.map { resource.converted(try $0.document, to: version) }
            return ByteBuffer(bytes: JSONText.encode(table(documents, metadata: metadata, tableVersion)))
        case .metadata:
            let documents = try objects.map { Self.partial(resource.converted(try $0.document, to: version)) }
            return ByteBuffer(
                bytes: JSONText.encode([
                    "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                    "items": .array(documents),
                ]))
        }
        return try plainList(objects, metadata: metadata)
    }

    private func plainList(_ objects: some Collection<StoredObject>, metadata: JSONValue) throws -> ByteBuffer {
        let size = objects.reduce(256) { $0 + $1.bytes.readableBytes + 1 }
        var buffer = ByteBufferAllocator().buffer(capacity: size)
        buffer.writeString("{\"kind\":\"\(resource.listKind)\",\"apiVersion\":\"\(version.apiVersion)\",\"metadata\":")
        buffer.writeBytes(JSONText.encode(metadata))
        buffer.writeString(",\"items\":[")
        var isFirst = true
        for object in objects {
            if !isFirst { buffer.writeString(",") }
            isFirst = false
            var bytes = try bytes(object)
            buffer.writeBuffer(&bytes)
        }
        buffer.writeString("]}")
        return buffer
    }

    private var renderer: TableRenderer { TableRenderer(resource: resource, now: now) }

    private func table(_ documents: [JSONValue], metadata: JSONValue, _ tableVersion: String) -> JSONValue {
        renderer.table(of: documents, metadata: metadata, version: tableVersion, include: include)
    }

    private func metadata(revision object: JSONValue) -> JSONValue {
        ["resourceVersion": object["metadata"]?["resourceVersion"] ?? ""]
    }

    private static func partial(_ object: JSONValue) -> JSONValue {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:]]
    }
}
