package import ClusterAPI
import FoundationEssentials

extension LabTopology {
    /// Takes the LabTopology out of documents.
    ///
    /// Without one: `nodes` standard nodes, or the nodes that the manifests name, or two.
    ///
    /// - Throws: `LabError` when there are two topologies, or one that cannot be built.
    package static func take(
        from documents: [JSONValue], nodes: Int?, ipv6: Bool
    ) throws -> (topology: LabTopology, objects: [JSONValue]) {
        let flat = documents.flatMap(ManifestPlan.flattened)
        let isTopology = { (document: JSONValue) in document["kind"]?.string == kind }
        let topologies = flat.filter(isTopology)
        let objects = flat.filter { !isTopology($0) }
        guard let document = topologies.first else {
            return (try implied(by: objects, nodes: nodes, ipv6: ipv6), objects)
        }
        guard topologies.count == 1 else {
            throw LabError("there are \(topologies.count) LabTopology documents", remedy: "Give exactly one.")
        }
        if nodes != nil {
            throw LabError("both --nodes and a LabTopology were given", remedy: "Leave one of them out.")
        }
        do {
            let spec = try JSONEncoder().encode(document["spec"] ?? [:])
            var topology = try JSONDecoder().decode(LabTopology.self, from: spec)
            if ipv6, !topology.ipv6 { topology = topology.withIPv6() }
            return (topology, objects)
        } catch let error as DecodingError {
            throw LabError(
                "LabTopology: \(Self.explain(error))", remedy: "docs/design/lab.md shows every field with an example.")
        }
    }

    private static func implied(by objects: [JSONValue], nodes: Int?, ipv6: Bool) throws -> LabTopology {
        if let nodes {
            guard (1...200).contains(nodes) else {
                throw LabError("a lab cannot have \(nodes) nodes", remedy: "Ask for 1 to 200.")
            }
            return standard(nodes: nodes, ipv6: ipv6)
        }
        let named = objects.compactMap { object -> String? in
            switch object["kind"]?.string {
            case "Node": object["metadata"]?["name"]?.string
            case "Pod": object["spec"]?["nodeName"]?.string
            default: nil
            }
        }
        let names = Set(named).sorted()
        if names.isEmpty || names.count > 200 { return standard(ipv6: ipv6) }
        var topology = standard(ipv6: ipv6)
        let labels = Dictionary(
            objects.filter { $0["kind"]?.string == "Node" }.map {
                ($0["metadata"]?["name"]?.string ?? "", $0["metadata"]?["labels"]?.object ?? [:])
            }
        ) { first, _ in first }
        topology.nodes = names.map { NodePlan(name: $0, labels: (labels[$0] ?? [:]).compactMapValues(\.string)) }
        try topology.validate()
        return topology
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context))\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "spec.\(context.codingPath.map { $0.stringValue }.joined(separator: ".")): \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        (["spec"] + context.codingPath.map(\.stringValue)).joined(separator: ".") + "."
    }
}
