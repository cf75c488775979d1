import ClusterAPI
package import EgressSelection
package import Lab
package import PolicyEngine

/// Where a connection is watched outside of a lab, and where its ends are.
package struct TraceVantage: Sendable {
    /// The node that this machine is; nil if no agent of the cluster runs on it.
    package let node: String?
    /// The nodes of the ends; nil for what is no pod.
    private let source: String?
    private let destination: String?

    package init(_ flow: Flow, _ snapshot: ClusterSnapshot, node: String?) {
        self.node = node
        source = Self.node(of: flow.from, snapshot)
        destination = Self.node(of: flow.to, snapshot)
    }

    /// The node whose rules decide about a direction.
    package func node(deciding direction: Direction) -> String? { direction == .egress ? source : destination }

    /// What a person must do elsewhere to see the rest of the way.
    package func limits(_ flow: Flow, leaving departure: Departure? = nil) -> [String] {
        var limits: [String] = []
        if node == nil { limits.append("the network of a node: no agent of this cluster runs on this machine") }
        for (end, party) in [(source, flow.from), (destination, flow.to)] {
            if let end, end != node { limits.append("node \(end), where \(party) is: run gabion trace there, too") }
        }
        if case .with(let held, _) = departure {
            for source in held where source.holder != node {
                let way = "node \(source.holder), by which it leaves as \(source.address)"
                limits.append("\(way): run gabion trace there, too")
            }
        }
        return limits + ["whether the connection was opened: outside of a lab nothing is sent"]
    }

    private static func node(of party: Party, _ snapshot: ClusterSnapshot) -> String? {
        snapshot.pods.first { pod in
            switch party {
            case .pod(let key): pod.key == key
            case .address(let address): pod.addressTexts.contains("\(address)")
            }
        }?.spec?.nodeName
    }
}
