import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import TestSupport
import Testing

/// What befalls a node that holds an egress address, in a lab of three.
enum EgressFault: String, CaseIterable {
    /// `gabion egress` stands still, and with it whatever could take the address off.
    case frozen
    /// The node's wire breaks; its processes go on, and reach the API.
    case cut
    /// The wire breaks and all of its processes stand still: from outside it is dead.
    case dead
    case drained

    static let nodes = ["node-1", "node-2", "node-3"]

    /// Whether the node's pods are cut off as well.
    var takesPods: Bool { self == .cut || self == .dead }

    func strike(_ node: String, of lab: Lab) async throws {
        switch self {
        case .frozen: try SuiteLab.process("egress-\(node)", of: lab).send(.stop)
        case .cut: try await Self.wire(node, "down", lab)
        case .dead:
            try await Self.wire(node, "down", lab)
            for process in ["egress", "agent"] { try SuiteLab.process("\(process)-\(node)", of: lab).send(.stop) }
        case .drained: try await Self.schedule(node, false, lab)
        }
    }

    func mend(_ node: String, of lab: Lab) async throws {
        switch self {
        case .frozen: try SuiteLab.process("egress-\(node)", of: lab).send(.proceed)
        case .cut: try await Self.wire(node, "up", lab)
        case .dead:
            // It has missed all of it, and its pods may send before it hears.
            try await Self.wire(node, "up", lab)
            for process in ["agent", "egress"] { try SuiteLab.process("\(process)-\(node)", of: lab).send(.proceed) }
        case .drained: try await Self.schedule(node, true, lab)
        }
    }

    private static func wire(_ node: String, _ state: String, _ lab: Lab) async throws {
        let port = "node\(try #require(nodes.firstIndex(of: node)))"
        _ = try await SuiteLab.run(
            ["ip", "link", "set", port, state], in: .named(lab.directory.name.underlayNamespace))
    }

    private static func schedule(_ node: String, _ isOpen: Bool, _ lab: Lab) async throws {
        try await lab.withClient { client in
            _ = try await client.patch(
                Node.self, node, with: .merge(["spec": ["unschedulable": isOpen ? .null : true]]))
        }
    }

    // MARK: The lab's nodes

    /// Lets every node hold addresses; says which MAC is whose.
    static func choose(of lab: Lab) async throws -> [String: String] {
        var macs: [String: String] = [:]
        for node in nodes {
            try await lab.withClient { client in
                _ = try await client.patch(
                    Node.self, node, with: .merge(["metadata": ["labels": [EgressIP.assignableLabel: ""]]]))
            }
            // What /sys shows belongs to the namespace that it was mounted in.
            let link = try await SuiteLab.run(["ip", "-o", "link", "show", "dev", "eth0"], at: "node/\(node)", of: lab)
            let words = link.split(separator: " ")
            let place = try #require(words.firstIndex(of: "link/ether"))
            macs[String(words[place + 1])] = node
        }
        return macs
    }

    /// Whether all hear each other, and agree on who is asked.
    static func areAllWell(of lab: Lab) async throws -> Bool {
        let objects = try await lab.withClient { client in try await client.list(EgressNode.self).items }
        return objects.count == nodes.count
            && objects.allSatisfy { object in
                (object.status?.silentTo ?? []).isEmpty && object.spec?.witnesses?.count == nodes.count
                    && object.status?.witnesses == object.spec?.witnesses
            }
    }
}
