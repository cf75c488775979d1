import APIMachinery
import ClusterAPI
import ManifestFiles

extension ObjectWrite {
    /// The creation of a manifest's object, in the namespace that kubectl would choose; nil for a kind that is not known.
    init?(_ object: ManifestObject, _ catalogue: ResourceCatalogue = ResourceCatalogue()) {
        guard let resource = catalogue.resource(apiVersion: object.apiVersion, kind: object.kind),
            let version = GroupVersion(apiVersion: object.apiVersion)
        else { return nil }
        let namespace = object.key.namespace.isEmpty ? "default" : object.key.namespace
        self.init(
            resource: resource, version: version, namespace: resource.isNamespaced ? namespace : nil,
            now: APITime(seconds: 0))
    }
}

extension ObjectFinding {
    /// The message, with what helps where the words of the server do not.
    var advice: String {
        switch kind {
        case .refused: message
        case .needsText: "\(message); put it in quotes"
        case .unknownField(let known): "unknown field; there are: \(known.joined(separator: ", "))"
        }
    }
}

extension FieldPath {
    var manifestSteps: [ManifestStep] {
        steps.map { step in
            switch step {
            case .field(let name): .field(name)
            case .index(let index): .index(index)
            }
        }
    }
}
