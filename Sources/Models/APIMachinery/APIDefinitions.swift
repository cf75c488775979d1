import ClusterAPI

/// The schemas of some kinds by their OpenAPI name, with every type that they refer to.
struct APIDefinitions {
    private(set) var schemas: [String: APISchema] = [:]

    /// Takes in a kind as it is served at a version.
    mutating func add(_ resource: ResourceDescriptor, at version: GroupVersion) {
        let name: String
        if Self.hasOwnType(resource, at: version) {
            name = Self.name(of: resource.kind)
            define(resource.kind)
        } else {
            name = Self.name(of: resource, at: version)
            schemas[name] = resource.schemas[version.version].map { custom(resource, $0) } ?? unlisted(resource)
        }
        schemas[name]?.kinds.append(APISchema.KindName(version: version, kind: resource.kind))
    }

    /// Event has other fields in its other group, which are not in the table.
    private static func hasOwnType(_ resource: ResourceDescriptor, at version: GroupVersion) -> Bool {
        resource.customResourceDefinition == nil && TypeTable.types[resource.kind] != nil
            && (resource.kind != "Event" || version == resource.storage)
    }

    private static func name(of type: String) -> String { TypeTable.types[type]?.openAPIName ?? type }

    /// `io.gabion.v1.Zone` of gabion.io/v1.
    private static func name(of resource: ResourceDescriptor, at version: GroupVersion) -> String {
        let reversed = version.group.split(separator: ".").reversed().joined(separator: ".")
        return "\(reversed).\(version.version).\(resource.kind)"
    }

    /// A kind whose fields its definition lists.
    private mutating func custom(_ resource: ResourceDescriptor, _ schema: StructuralSchema) -> APISchema {
        let fallback = "An object of the CustomResourceDefinition \(resource.customResourceDefinition ?? "")."
        return APISchema(
            description: schema.source["description"]?.string ?? fallback,
            form: .custom(schema, common: properties(of: "AnyObject")))
    }

    /// A kind whose fields we do not list.
    private mutating func unlisted(_ resource: ResourceDescriptor) -> APISchema {
        var fields = properties(of: "AnyObject")
        var extent = APISchema.Extent.open
        if resource.customResourceDefinition == nil, resource.kind != "Event" {
            for part in ["spec", "status"] {
                fields[part] = APISchema(description: TypeTexts.field(part, of: "AnyObject"), form: .any)
            }
            extent = .growing
        }
        let summary = resource.customResourceDefinition.map { "An object of the CustomResourceDefinition \($0)." }
        return APISchema(
            description: summary ?? TypeTexts.summary(of: resource.kind), form: .object(fields, extent))
    }

    private mutating func define(_ type: String) {
        let name = Self.name(of: type)
        guard schemas[name] == nil, let description = TypeTable.types[type] else { return }
        // Before its fields, so that types may refer to themselves.
        schemas[name] = APISchema(form: .any)
        schemas[name] = APISchema(
            description: TypeTexts.summary(of: type),
            form: .object(properties(of: type), description.isOpen ? .growing : .closed),
            required: TypeTable.required[type] ?? [])
    }

    private mutating func properties(of type: String) -> [String: APISchema] {
        var properties: [String: APISchema] = [:]
        for (name, shape) in TypeTable.types[type]?.fields ?? [:] {
            properties[name] = schema(shape)
            properties[name]?.description = TypeTexts.field(name, of: type)
        }
        return properties
    }

    private mutating func schema(_ shape: FieldShape) -> APISchema {
        switch shape {
        case .any, .manifest: return APISchema(form: .any)
        case .objectOr(let inner): return schema(inner)
        case .text: return APISchema(form: .primitive(.text))
        case .integer: return APISchema(form: .primitive(.integer))
        case .number: return APISchema(form: .primitive(.number))
        case .flag: return APISchema(form: .primitive(.flag))
        case .intOrText: return APISchema(form: .primitive(.intOrText))
        case .time: return APISchema(form: .primitive(.time))
        case .map(let inner): return APISchema(form: .map(schema(inner)))
        case .list(let inner, let merge): return APISchema(form: .list(schema(inner), merge))
        case .type(let type):
            define(type)
            return APISchema(form: .reference(Self.name(of: type)))
        }
    }
}
