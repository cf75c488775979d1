import ClusterAPI

/// What a value may be, before it is written in one of OpenAPI's versions.
struct APISchema: Hashable, Sendable {
    var description = ""
    var form: Form
    /// The group, version and kind of whole objects.
    var kinds: [KindName] = []
    /// The fields of an object that must be there.
    var required: [String] = []

    indirect enum Form: Hashable, Sendable {
        case any
        case primitive(Primitive)
        /// A definition by name.
        case reference(String)
        case list(APISchema, ListMerge)
        /// Values under keys that are chosen freely.
        case map(APISchema)
        case object([String: APISchema], Extent)
        /// As a CustomResourceDefinition has it, with what all objects have.
        case custom(StructuralSchema, common: [String: APISchema])
    }

    enum Primitive: Hashable, Sendable {
        case text, integer, number, flag, intOrText, time
    }

    /// Whether there are fields besides those of an object's schema.
    enum Extent: Hashable, Sendable {
        case closed
        /// The fields are those of today; others are kept.
        case growing
        /// Anything may be there, and a client must not refuse it.
        case open
    }

    struct KindName: Hashable, Sendable {
        let version: GroupVersion
        let kind: String

        var document: JSONValue {
            [
                "group": .string(version.group), "kind": .string(kind), "version": .string(version.version),
            ]
        }
    }
}

extension APISchema.Primitive {
    /// In both versions of OpenAPI; nil for what has no single type.
    var type: (name: String, format: String?)? {
        switch self {
        case .text: ("string", nil)
        case .integer: ("integer", "int64")
        case .number: ("number", "double")
        case .flag: ("boolean", nil)
        case .time: ("string", "date-time")
        case .intOrText: nil
        }
    }
}

extension ListMerge {
    /// How clients merge a list: the extensions that Kubernetes defines for it.
    var extensions: [String: JSONValue] {
        switch self {
        case .atomic: ["x-kubernetes-list-type": "atomic"]
        case .set: ["x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge"]
        case .keyed(let key):
            [
                "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [.string(key)],
                "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": .string(key),
            ]
        }
    }
}
