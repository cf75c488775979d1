import APIMachinery
import ClusterAPI
import Foundation
import ManifestFiles
import NIOCore

/// A request about objects, with everything that was found out about it.
struct ResourceRequest: Sendable {
    let resource: ResourceDescriptor
    let target: ObjectTarget
    let verb: String
    let query: RequestQuery
    let accept: AcceptHeader
    let contentType: String
    let body: ByteBuffer
    let now: APITime
    /// What the writer holds the object against when a node asks.
    let restriction: NodeRestriction?
    let userAgent: String
    /// Why the sender may not create what an apply finds missing; nil when they may.
    var createRefusal: APIStatus?

    var version: GroupVersion { target.version }

    /// The namespace of the URL; empty for cluster-scoped kinds.
    var namespace: String { resource.isNamespaced ? target.namespace ?? "" : "" }

    func key(_ name: String) -> StoreKey {
        StoreKey(resource: resource.qualifiedPlural, namespace: namespace, name: name)
    }

    /// The key of the named object.
    ///
    /// 400 without a name.
    func key() throws(APIStatus) -> StoreKey {
        guard let name = target.name else { throw .badRequest("the request names no object") }
        return key(name)
    }

    func rendering() throws(APIStatus) -> ObjectRendering {
        ObjectRendering(
            resource: resource, version: version, form: try accept.objectForm(),
            include: query["includeObject"].flatMap(TableRenderer.IncludeObject.init(rawValue:)) ?? .metadata, now: now)
    }

    func selection() throws(APIStatus) -> ObjectSelection {
        try ObjectSelection(
            query, of: resource, namespace: resource.isNamespaced ? target.namespace : nil, name: target.name)
    }

    func objectWrite() throws(APIStatus) -> ObjectWrite {
        let stated = query["fieldManager"]
        let writer = FieldWriter(
            manager: try FieldOptions.manager(stated: stated, userAgent: userAgent), operation: .update,
            subresource: target.subresource ?? "")
        return ObjectWrite(
            resource: resource, version: version, namespace: resource.isNamespaced ? target.namespace : nil,
            fieldValidation: try FieldValidation(parameter: query["fieldValidation"]), now: now,
            ownership: .change(writer, isStated: stated != nil))
    }

    /// The body as the configuration of an apply, which may be YAML.
    func applyPatch() throws(APIStatus) -> ApplyPatch {
        try ApplyPatch(
            try yaml(), of: resource, version: version, name: try key().name, manager: query["fieldManager"],
            subresource: target.subresource ?? "", force: try query.flag("force"))
    }

    var isApply: Bool { mediaType == ApplyPatch.mediaType }

    private var mediaType: String { contentType.split(separator: ";").first.map { $0.lowercased() } ?? "" }

    /// The body as JSON.
    ///
    /// 400 when it is not, 415 for another media type.
    func document() throws(APIStatus) -> JSONValue {
        let mediaType = mediaType
        if mediaType == ProtobufBody.mediaType { return try ProtobufBody.decode(body.readableBytesView) }
        guard mediaType.isEmpty || mediaType == "application/json" else {
            throw .unsupportedMediaType(supported: ["application/json", ProtobufBody.mediaType])
        }
        return try json()
    }

    /// YAML, of which JSON is a part that is read faster.
    private func yaml() throws(APIStatus) -> JSONValue {
        if let document = try? JSONText.decode(body.readableBytesView) { return document }
        do {
            guard let object = try ManifestReader.parse(Data(body.readableBytesView), file: "body").first else {
                throw APIStatus.badRequest("error decoding YAML: the body is empty")
            }
            return object.value
        } catch let failure as APIStatus {
            throw failure
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }

    func json() throws(APIStatus) -> JSONValue {
        do {
            return try JSONText.decode(body.readableBytesView)
        } catch {
            throw .badRequest("the body of the request is not valid JSON: \(error)")
        }
    }
}
