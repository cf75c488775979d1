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
            resource: resource, version: version, form: try accept.objectForm(), include: try include(), now: now)
    }

    /// What rows of a table carry; 400 for what there is not.
    private func include() throws(APIStatus) -> TableRenderer.IncludeObject {
        guard let text = query["includeObject"] else { return .metadata }
        guard let include = TableRenderer.IncludeObject(rawValue: text) else {
            throw .badRequest(
                "Unable to convert to Table as requested: includeObject: Invalid value: \"\(text)\": must be 'Metadata',"
                    + " 'Object', 'None', or empty")
        }
        return include
    }

    /// The parameters of a write, by the verb.
    var options: WriteOptions { WriteOptions(verb: verb) }

    /// Whether the write is only tried.
    func isDryRun() throws(APIStatus) -> Bool { try options.isDryRun(query["dryRun"].map { [$0] } ?? []) }

    func selection() throws(APIStatus) -> ObjectSelection {
        try ObjectSelection(
            query, of: resource, namespace: resource.isNamespaced ? target.namespace : nil, name: target.name)
    }

    func objectWrite() throws(APIStatus) -> ObjectWrite {
        let stated = query["fieldManager"]
        let writer = FieldWriter(
            manager: try FieldOptions.manager(stated: stated, userAgent: userAgent, options: options),
            operation: .update, subresource: target.subresource ?? "")
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

    /// The body as a document.
    ///
    /// 400 when it is none, 415 for another media type than those in which clients send objects.
    func document() throws(APIStatus) -> JSONValue {
        switch mediaType {
        case "", "application/json": return try json()
        case "application/yaml": return try yaml()
        case ProtobufBody.mediaType: return try ProtobufBody.decode(body.readableBytesView)
        default:
            throw .unsupportedMediaType(
                supported: ["application/json", "application/yaml", ProtobufBody.mediaType])
        }
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
