import ManifestFiles

/// The fields that a NetworkPolicy has, to find those that it has not.
enum PolicyFields {
    /// What may stand at a place: anything, or these fields, or a list of what is described.
    private indirect enum Shape: Sendable {
        case anything
        case fields([String: Shape])
        case list(Shape)
    }

    /// A field that no API knows, such as `podSelecter`: the API server drops it, and the policy means something else.
    static func unknownFields(in object: ManifestObject) -> [ManifestError] {
        var errors: [ManifestError] = []
        search(object.node, policy, [], object, &errors)
        return errors
    }

    private static func search(
        _ node: ManifestNode, _ shape: Shape, _ path: [ManifestStep], _ object: ManifestObject,
        _ errors: inout [ManifestError]
    ) {
        switch shape {
        case .anything: return
        case .list(let element):
            for (index, item) in (node.elements ?? []).enumerated() {
                search(item, element, path + [.index(index)], object, &errors)
            }
        case .fields(let known):
            for entry in node.entries ?? [] {
                let here = path + [.field(entry.key)]
                if let shape = known[entry.key] {
                    search(entry.value, shape, here, object, &errors)
                } else {
                    let names = known.keys.sorted().joined(separator: ", ")
                    errors.append(object.error(at: here, "unknown field; there are: \(names)"))
                }
            }
        }
    }

    private static let selector = Shape.fields([
        "matchLabels": .anything,
        "matchExpressions": .list(.fields(["key": .anything, "operator": .anything, "values": .anything])),
    ])
    private static let peer = Shape.fields([
        "podSelector": selector, "namespaceSelector": selector,
        "ipBlock": .fields(["cidr": .anything, "except": .anything]),
    ])
    private static let ports = Shape.list(.fields(["protocol": .anything, "port": .anything, "endPort": .anything]))
    private static let policy = Shape.fields([
        "apiVersion": .anything, "kind": .anything, "metadata": .anything, "status": .anything,
        "spec": .fields([
            "podSelector": selector, "policyTypes": .anything,
            "ingress": .list(.fields(["from": .list(peer), "ports": ports])),
            "egress": .list(.fields(["to": .list(peer), "ports": ports])),
        ]),
    ])
}
