package import ClusterAPI

/// One object of a manifest, with the place where it is written.
package struct ManifestObject: Sendable {
    package let file: String
    package let apiVersion: String
    package let kind: String
    /// Name and namespace as written; a missing namespace is empty.
    package let key: ObjectKey
    /// The object with the lines of its fields.
    package let node: ManifestNode

    package var line: Int { node.line }
    package var value: JSONValue { node.json }

    /// `NetworkPolicy a/b`, as messages name it.
    package var title: String { key.name.isEmpty ? kind : "\(kind) \(key)" }

    /// A fault of one field of this object.
    package func error(at path: [ManifestStep], _ message: String) -> ManifestError {
        ManifestError(
            file: file, line: node.line(of: path), object: title, field: path.isEmpty ? nil : path.pathText,
            message: message)
    }

    /// Whether the object is of a type that we know, in a version with the same fields.
    package func isKind<Object: APIObject>(of type: Object.Type) -> Bool {
        guard kind == type.resource.kind else { return false }
        let isOldPolicy = type == NetworkPolicy.self && apiVersion == "extensions/v1beta1"
        return apiVersion == type.resource.apiVersion || isOldPolicy
    }

    /// The object as a value of its type.
    ///
    /// A namespaced object without namespace is in `default`, as kubectl has it. Throws with the field's line when a value
    /// is not of the type that the API wants, and when the object has no name.
    package func decode<Object: APIObject>(_ type: Object.Type) throws(ManifestError) -> Object {
        var object: Object
        do {
            object = try Object(from: NodeDecoder(node: node, codingPath: []))
        } catch let error as DecodingError {
            throw explain(error)
        } catch {
            throw self.error(at: [], "\(error)")
        }
        if (object.metadata.name ?? "").isEmpty {
            throw self.error(at: [.field("metadata")], "the object has no name; give it metadata.name")
        }
        if type.resource.isNamespaced, (object.metadata.namespace ?? "").isEmpty {
            object.metadata.namespace = "default"
        }
        return object
    }

    private func explain(_ error: DecodingError) -> ManifestError {
        switch error {
        case .keyNotFound(let key, let context):
            return self.error(at: Self.steps(context.codingPath + [key]), "is required")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return self.error(at: Self.steps(context.codingPath), context.debugDescription)
        @unknown default: return self.error(at: [], "\(error)")
        }
    }

    private static func steps(_ path: [any CodingKey]) -> [ManifestStep] {
        path.map { key in key.intValue.map(ManifestStep.index) ?? .field(key.stringValue) }
    }
}
