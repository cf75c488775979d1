package import ClusterAPI

/// The body of a server-side apply: the fields of an object that a program wants to own.
package struct ApplyPatch: Hashable, Sendable {
    package static let mediaType = "application/apply-patch+yaml"

    /// With the name of the URL.
    package let configuration: JSONValue
    package let writer: FieldWriter
    /// Whether fields are taken away from other owners.
    package let force: Bool

    /// Throws 400 for a body of another kind or version, or with owners in it; 422 without a manager.
    package init(
        _ body: JSONValue, of resource: ResourceDescriptor, version: GroupVersion, name: String, manager: String?,
        subresource: String, force: Bool
    ) throws(APIStatus) {
        guard let manager, !manager.isEmpty else {
            throw WriteOptions.patch.invalid([.required("fieldManager", "is required for apply patch")])
        }
        guard body.object != nil else { throw .badRequest("the body of an apply must be an object") }
        guard let kind = body["kind"]?.string, !kind.isEmpty else {
            throw .badRequest("error decoding YAML: Object 'Kind' is missing in '\(body.compactText)'")
        }
        let stated = body["apiVersion"]?.string ?? ""
        guard stated == version.apiVersion else {
            throw .badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(stated), expected:"
                    + " \(version.apiVersion)")
        }
        guard kind == resource.kind else {
            throw .badRequest("the kind of the object (\(kind)) is not the one of the URL (\(resource.kind))")
        }
        guard body["metadata"]?["managedFields"] ?? .null == .null else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        var configuration = body
        if configuration["metadata"]?.object == nil { configuration["metadata"] = [:] }
        if configuration["metadata"]?["name"]?.string?.isEmpty != false {
            configuration["metadata"]?["name"] = .string(name)
        }
        self.configuration = configuration
        writer = FieldWriter(manager: manager, operation: .apply, subresource: subresource)
        self.force = force
    }
}

/// The parameters of writes that are about owners.
package enum FieldOptions {
    private static let longestManager = 128

    /// Who writes when the request does not say so: the program's name in its User-Agent.
    ///
    /// `options` is what the parameters of the request are called when they are wrong.
    package static func manager(
        stated: String?, userAgent: String, options: WriteOptions
    ) throws(APIStatus) -> String {
        if let stated, !stated.isEmpty {
            guard stated.utf8.count <= longestManager else {
                throw options.invalid([.tooLong("fieldManager", maximum: longestManager)])
            }
            return stated
        }
        let name = userAgent.prefix { $0 != "/" }.unicodeScalars.prefix { $0.value >= 0x20 && $0.value != 0x7F }
        return name.isEmpty ? "unknown" : String(Substring(name.prefix(longestManager)))
    }

    /// `force` makes sense for an apply alone.
    package static var forceIsForApply: APIStatus {
        WriteOptions.patch.invalid([.forbidden("force", "may not be specified for non-apply patch")])
    }
}
