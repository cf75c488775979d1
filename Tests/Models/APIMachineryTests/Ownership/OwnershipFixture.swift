import ClusterAPI
import Testing

@testable import APIMachinery

/// One object and everybody who writes it.
struct OwnershipFixture {
    let resource: ResourceDescriptor
    private let rules: Ownership
    private(set) var object: JSONValue?

    init(_ resource: ResourceDescriptor, object: JSONValue? = nil) {
        self.resource = resource
        self.object = object
        rules = Ownership(resource: resource, version: resource.storage, now: noon)
    }

    /// A custom resource with lists of every kind.
    static func widget() throws -> OwnershipFixture {
        let spec = """
            {"type":"object","properties":{
             "a":{"type":"integer"},"b":{"type":"integer"},
             "map":{"type":"object","additionalProperties":{"type":"integer"}},
             "whole":{"type":"object","x-kubernetes-map-type":"atomic","additionalProperties":{"type":"integer"}},
             "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
             "list":{"type":"array","items":{"type":"string"}},
             "items":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
              "items":{"type":"object","required":["name"],"properties":{
               "name":{"type":"string"},"x":{"type":"integer"},"y":{"type":"integer"}}}}}}
            """
        var catalogue = ResourceCatalogue()
        return OwnershipFixture(try catalogue.register(crd: SchemaFixtures.definition(spec: spec)))
    }

    var spec: JSONValue? { object?["spec"] }

    /// What each manager owns, by `Apply NAME` or `Update NAME`.
    var owned: [String: [String]] {
        let owners = ManagedFields(object?["metadata"]?["managedFields"]) ?? ManagedFields()
        return owners.entries.reduce(into: [:]) { result, entry in
            let paths = entry.fields.paths.map(FieldPathText.of)
            result["\(entry.writer.operation.rawValue) \(entry.writer.manager)", default: []] += paths
        }
    }

    private func whole(_ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": .string(resource.storage.apiVersion), "kind": .string(resource.kind),
            "metadata": ["name": "w"], "spec": spec,
        ]
    }

    mutating func apply(_ spec: JSONValue, by manager: String, force: Bool = false) throws {
        let writer = FieldWriter(manager: manager, operation: .apply)
        let applied = try rules.applied(whole(spec), to: object, by: writer, force: force)
        object = applied.object
        object?["metadata"]?["managedFields"] = applied.owners.document
    }

    /// An ordinary write, which leaves everything but the spec as it is.
    mutating func update(_ spec: JSONValue, by manager: String) {
        let owners = ManagedFields(object?["metadata"]?["managedFields"]) ?? ManagedFields()
        let after = whole(spec)
        let writer = FieldWriter(manager: manager, operation: .update)
        let result = rules.updated(owners, from: object, to: after, by: writer)
        object = after
        object?["metadata"]?["managedFields"] = result.document
    }
}
