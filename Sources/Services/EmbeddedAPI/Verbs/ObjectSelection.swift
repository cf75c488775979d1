import APIMachinery

/// Which objects of a resource a list, watch or deletion is about.
struct ObjectSelection: Sendable {
    /// Nil for all namespaces, and for cluster-scoped kinds.
    let namespace: String?
    let labels: LabelQuery
    let fields: FieldQuery

    /// Reads `labelSelector` and `fieldSelector`; 400 when they do not parse.
    ///
    /// `name` narrows to one object.
    init(_ query: RequestQuery, of resource: ResourceDescriptor, namespace: String?, name: String?) throws(APIStatus) {
        self.namespace = namespace
        labels = try LabelQuery(query["labelSelector"] ?? "")
        var text = query["fieldSelector"] ?? ""
        if let name { text = text.isEmpty ? "metadata.name=\(name)" : "metadata.name=\(name),\(text)" }
        fields = try FieldQuery(text, for: resource)
    }

    var isEverything: Bool { labels.isEmpty && fields.isEmpty }

    func matches(_ object: StoredObject) -> Bool {
        if let namespace, object.key.namespace != namespace { return false }
        if !labels.isEmpty, !labels.matches(object.labels) { return false }
        return fields.matches(object.fields)
    }
}
