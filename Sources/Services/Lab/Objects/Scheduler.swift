import ClusterAPI

/// Chooses nodes for pods that name none: the one with the fewest pods among those that the pod's nodeSelector admits.
struct Scheduler: Sendable {
    private let labels: [(name: String, labels: [String: String])]
    private var load: [String: Int] = [:]

    init(_ topology: LabTopology) {
        labels = topology.nodes.map { ($0.name, Self.labels(of: $0)) }
    }

    /// A node's labels as its Node object carries them.
    static func labels(of node: LabTopology.NodePlan) -> [String: String] {
        ["kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"].merging(node.labels) { _, own in own }
    }

    /// Counts a pod that has its node already.
    mutating func count(_ node: String) { load[node, default: 0] += 1 }

    mutating func forget(_ node: String) { load[node, default: 1] -= 1 }

    /// Nil when no node fits.
    mutating func place(_ pod: Pod) -> String? {
        let wanted = pod.spec?.nodeSelector ?? [:]
        let fitting = labels.filter { node in wanted.allSatisfy { node.labels[$0.key] == $0.value } }
        guard let best = fitting.min(by: { load[$0.name, default: 0] < load[$1.name, default: 0] }) else { return nil }
        count(best.name)
        return best.name
    }
}
