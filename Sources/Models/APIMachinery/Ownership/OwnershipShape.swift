import ClusterAPI

/// Of which parts a value is put together that may have owners of their own.
enum OwnershipShape: Sendable {
    case builtIn(FieldShape)
    case schema(StructuralSchema)
    /// Nothing is known: objects are put together of members, everything else is one part.
    case unknown

    enum Structure: Equatable {
        /// One part with one value.
        case leaf
        case map
        case set
        /// A list whose elements these members tell apart.
        case keyed([String])
    }

    /// Of a whole object; its schema is the one of `version` for custom resources.
    init(_ resource: ResourceDescriptor, version: GroupVersion) {
        if resource.customResourceDefinition != nil {
            self = resource.schemas[version.version].map(OwnershipShape.schema) ?? .unknown
        } else {
            self = .builtIn(TypeTable.root(of: resource))
        }
    }

    func structure(of value: JSONValue) -> Structure {
        let described: Structure =
            switch self {
            case .builtIn(let shape): Self.structure(shape, value)
            case .schema(let schema): Self.structure(schema, value)
            case .unknown: value.object == nil ? .leaf : .map
            }
        // A value of another type than its shape is taken as it is.
        switch described {
        case .leaf: return .leaf
        case .map: return value.object == nil && value != .null ? .leaf : .map
        case .set, .keyed: return value.array == nil && value != .null ? .leaf : described
        }
    }

    private static func structure(_ shape: FieldShape, _ value: JSONValue) -> Structure {
        switch shape {
        case .any: value.object == nil ? .leaf : .map
        case .type(let name) where TypeTable.wholes.contains(name): .leaf
        case .map, .type, .manifest: .map
        case .list(_, .set): .set
        case .list(_, .keyed(let key)): .keyed(ListMerge.mapKeys(key))
        default: .leaf
        }
    }

    private static func structure(_ schema: StructuralSchema, _ value: JSONValue) -> Structure {
        switch schema.type {
        case .object: return schema.isAtomicMap ? .leaf : .map
        case .array:
            switch schema.listType {
            case .atomic: return .leaf
            case .set: return .set
            case .map(let keys): return .keyed(keys)
            }
        case nil where schema.preservesUnknownFields && !schema.isIntOrString:
            return value.object == nil ? .leaf : .map
        default: return .leaf
        }
    }

    /// The shape of a member of an object.
    func member(_ name: String) -> OwnershipShape {
        switch self {
        case .builtIn(.type(let type)):
            switch TypeTable.types[type]?.fields[name] {
            case .objectOr(let inner)?: return .builtIn(inner)
            case let shape?: return .builtIn(shape)
            case nil: return .unknown
            }
        case .builtIn(.map(let inner)): return .builtIn(inner)
        case .schema(let schema): return schema.member(name).map(OwnershipShape.schema) ?? Self.meta(name, schema)
        default: return .unknown
        }
    }

    /// The shape of an element of a list.
    var element: OwnershipShape {
        switch self {
        case .builtIn(.list(let inner, _)): .builtIn(inner)
        case .schema(let schema): schema.items.map(OwnershipShape.schema) ?? .unknown
        default: .unknown
        }
    }

    /// Whether a member is a field of a type, and not a key that somebody chose.
    func declares(_ name: String) -> Bool {
        switch self {
        case .builtIn(.type(let type)): TypeTable.types[type]?.fields[name] != nil
        case .schema(let schema): schema.properties[name] != nil || StructuralSchema.metaFields.contains(name)
        default: false
        }
    }

    /// Whether a member may be there.
    func knows(_ name: String) -> Bool {
        switch self {
        case .builtIn(.type(let type)): declares(name) || TypeTable.types[type]?.isOpen != false
        case .schema(let schema): schema.knows(name) || StructuralSchema.metaFields.contains(name)
        default: true
        }
    }

    private static func meta(_ name: String, _ schema: StructuralSchema) -> OwnershipShape {
        name == "metadata" ? .builtIn(.type("ObjectMeta")) : .unknown
    }
}

extension OwnershipShape {
    /// The element of a list with this value; nil when members that tell it apart are missing.
    func elementText(_ value: JSONValue, _ structure: Structure) -> String? {
        guard case .keyed(let keys) = structure else { return "v:" + value.compactText }
        var identity: [String: JSONValue] = [:]
        for key in keys { identity[key] = value[key] ?? element.defaultKey(key) }
        return identity.count == keys.count ? "k:" + JSONValue.object(identity).compactText : nil
    }

    private func defaultKey(_ key: String) -> JSONValue? {
        switch self {
        case .schema(let schema): schema.properties[key]?.defaultValue
        default: key == "protocol" ? "TCP" : nil
        }
    }
}

extension ListMerge {
    /// The keys of a list for owners, where the one of strategic patches does not tell all elements apart.
    static func mapKeys(_ key: String) -> [String] {
        switch key {
        case "containerPort", "port": [key, "protocol"]
        case "topologyKey": [key, "whenUnsatisfiable"]
        default: [key]
        }
    }
}
