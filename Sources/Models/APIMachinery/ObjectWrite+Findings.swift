package import ClusterAPI

/// One reason why a server would refuse an object, or not store it as it is written.
package struct ObjectFinding: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Refused; `message` says why.
        case refused
        /// Refused: a text must stand here, and a number or a flag does.
        case needsText
        /// Dropped in silence by servers that are not asked to be strict: the type has only these fields.
        case unknownField([String])
    }

    package let kind: Kind
    package let path: FieldPath
    /// As the server words it, without the path.
    package let message: String
}

extension ObjectWrite {
    /// Everything that keeps `create` from storing `body` as it is, where `create` stops at the first.
    ///
    /// A `resourceVersion` is no fault here: it is about one state of one server, not about the object.
    package func findings(in body: JSONValue) -> [ObjectFinding] {
        var stated = body
        if stated["metadata"]?.object != nil { stated["metadata"]?["resourceVersion"] = nil }
        var check = ShapeCheck()
        var object = check.checked(stored(stated), as: TypeTable.root(of: resource))
        var unknown = check.unknownFields
        if let schema = resource.schemas[version.version] {
            var fitting = SchemaFitting()
            object = fitting.fitted(object: object, to: schema)
            unknown += fitting.unknownFields
        }
        var findings = unknown.map {
            ObjectFinding(
                kind: .unknownField($0.known), path: $0.path, message: "unknown field \"\($0.path)\"")
        }
        findings += check.mismatches.map {
            ObjectFinding(kind: $0.isUnquotedText ? .needsText : .refused, path: $0.path, message: $0.text)
        }
        return findings
            + invalidities(in: object).filter { finding in
                // A value of the wrong type reads as absent; what follows from that helps nobody.
                !check.mismatches.contains { $0.path.isInLine(with: finding.path) }
            }
    }

    private func invalidities(in object: JSONValue) -> [ObjectFinding] {
        do {
            return try draft(of: object, uid: "", nameSuffix: "00000").errors.uniqued.map {
                ObjectFinding(kind: .refused, path: $0.path, message: $0.body)
            }
        } catch {
            return [
                ObjectFinding(kind: .refused, path: FieldPath(parsing: "metadata.namespace"), message: error.message)
            ]
        }
    }
}
