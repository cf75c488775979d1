import ClusterAPI
import NetworkTypes
import PolicyEngine
import TestRandom

/// Small clusters in which collisions of every kind are likely.
struct RandomCluster {
    var random: SeededGenerator
    let namespaceNames = ["a", "b", "c"]
    let nodeNames = ["n1", "n2", "n3"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func labels() -> [String: String] {
        var labels: [String: String] = [:]
        for key in ["app", "tier", "env"] where !random.once(in: 3) { labels[key] = random.pick(["x", "y", "z"]) }
        return labels
    }

    mutating func namespace(_ name: String) -> Namespace {
        Namespace(metadata: ObjectMeta(name: name, labels: labels()))
    }

    /// Node n3 never has an object: its address comes from its pods.
    mutating func node(_ index: Int) -> Node {
        let addresses = [
            NodeAddress(type: "Hostname", address: nodeNames[index]),
            NodeAddress(type: "InternalIP", address: "192.168.0.\(index + 1)"),
            NodeAddress(type: "InternalIP", address: "fd00::\(index + 1)"),
            NodeAddress(type: "ExternalIP", address: "203.0.113.\(index + 1)"),
        ]
        return Node(
            metadata: ObjectMeta(name: nodeNames[index], labels: labels()), status: NodeStatus(addresses: addresses))
    }

    mutating func pod(_ namespace: String, _ name: String) -> Pod {
        let node = random.below(3)
        let isHostNetwork = random.once(in: 8)
        var spec = PodSpec(nodeName: nodeNames[node], hostNetwork: isHostNetwork ? true : nil, containers: [])
        let ports = (0..<random.below(3)).map { _ in
            ContainerPort(
                name: random.pick(["http", "dns", nil]), containerPort: random.pick([80, 53, 8080]),
                protocol: random.pick(["TCP", "UDP", "SCTP", nil]))
        }
        spec.containers = [Container(name: "c", ports: ports)]
        let phase = random.pick(["Running", "Running", "Running", "Pending", "Succeeded", "Failed"])
        let host = random.below(16)
        let both = ["10.0.0.\(host)", "fd01::\(String(host, radix: 16))"]
        let own = random.pick([[both[0]], [both[1]], both, [both[1], both[0]], []])
        let addresses = isHostNetwork ? ["192.168.0.\(node + 1)"] : own
        var status = PodStatus(phase: phase, podIPs: addresses, hostIP: "192.168.0.\(node + 1)")
        if random.once(in: 6) { status.hostIP = nil }
        var metadata = ObjectMeta(name: name, namespace: namespace, labels: labels())
        metadata.creationTimestamp = "2026-01-01T00:00:0\(random.below(3))Z"
        return Pod(metadata: metadata, spec: spec, status: status)
    }

    mutating func party(_ pods: [Pod]) -> Party {
        if random.once(in: 3) || pods.isEmpty {
            let texts =
                ["10.0.0.\(random.below(16))", "fd01::\(String(random.below(16), radix: 16))", "192.168.0.1"]
                + ["192.168.0.3", "fd00::2", "198.51.100.7", "2001:db8::1", "203.0.113.1", "203.0.113.3"]
                + ["169.254.169.254", "fd00:ec2::254"]
            return IPAddress(random.pick(texts)).map(Party.address) ?? .pod(ObjectKey(namespace: "a", name: "none"))
        }
        return .pod(random.pick(pods).key)
    }

    mutating func flow(_ pods: [Pod]) -> Flow {
        let transport = random.pick(TransportProtocol.allCases)
        let port: UInt16? = transport == .icmp ? nil : random.pick([80, 53, 8080, 81, 443])
        return Flow(from: party(pods), to: party(pods), transport: transport, port: port)
    }
}
