import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// The cluster of the upstream NetworkPolicy e2e tests: namespaces x, y, z with pods a, b, c, each serving 80 and 81.
///
/// Pods are named `x/a` and so on; x/a has 10.0.0.1 and fd00::1, x/b .2, … z/c .9; x lives on node n1 (192.168.0.1),
/// y on n2, z on n3.
struct Scene {
    var engine = PolicyEngine()

    init(_ policies: NetworkPolicy...) {
        for (index, name) in ["x", "y", "z"].enumerated() {
            engine.upsert(Namespace(metadata: ObjectMeta(name: name, labels: ["ns": name])))
            engine.upsert(Self.node("n\(index + 1)", "192.168.0.\(index + 1)"))
            for (place, pod) in ["a", "b", "c"].enumerated() {
                engine.upsert(Self.pod(name, pod, host: index * 3 + place + 1, node: "n\(index + 1)"))
            }
        }
        for policy in policies { engine.upsert(policy) }
    }

    static func node(_ name: String, _ address: String) -> Node {
        Node(
            metadata: ObjectMeta(name: name),
            status: NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: address)]))
    }

    static func pod(
        _ namespace: String, _ name: String, host: Int, node: String, labels: [String: String]? = nil
    ) -> Pod {
        let ports = [80, 81].flatMap { number in
            ["TCP", "UDP", "SCTP"].map { transport in
                let name = "serve-\(number)-\(transport.lowercased())"
                return ContainerPort(name: name, containerPort: number, protocol: transport)
            }
        }
        return Pod(
            metadata: ObjectMeta(name: name, namespace: namespace, labels: labels ?? ["pod": name]),
            spec: PodSpec(nodeName: node, containers: [Container(name: "c", ports: ports)]),
            status: PodStatus(phase: "Running", podIPs: ["10.0.0.\(host)", "fd00::\(host)"]))
    }

    /// `x/a` or an address.
    static func party(_ text: String) -> Party {
        if let address = IPAddress(text) { return .address(address) }
        return .pod(ObjectKey(text) ?? ObjectKey(namespace: "", name: text))
    }

    /// `x/a > y/b 80`, `x/a > y/b 53 UDP`, `x/a > y/b ICMP`.
    func verdict(_ question: String) -> Verdict {
        let words = question.split(separator: " ").map(String.init)
        let port = words.dropFirst(3).compactMap { UInt16($0) }.first
        let transport = words.dropFirst(3).compactMap { TransportProtocol(parsing: $0) }.first ?? .tcp
        return engine.verdict(
            for: Flow(from: Self.party(words[0]), to: Self.party(words[2]), transport: transport, port: port))
    }
}

/// One table case: policies, and what is and what is not to pass under them.
struct SemanticCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let policies: [NetworkPolicy]
    let allowed: [String]
    let denied: [String]

    init(_ promise: String, _ policies: [NetworkPolicy], allow: [String] = [], deny: [String] = []) {
        testDescription = promise
        self.policies = policies
        allowed = allow
        denied = deny
    }
}

/// Short forms for tables.
func policy(
    _ name: String, in namespace: String = "x", pods: LabelSelector = LabelSelector(),
    types: [NetworkPolicySpec.PolicyType]? = nil, ingress: [NetworkPolicySpec.IngressRule]? = nil,
    egress: [NetworkPolicySpec.EgressRule]? = nil
) -> NetworkPolicy {
    NetworkPolicy(
        metadata: ObjectMeta(name: name, namespace: namespace),
        spec: NetworkPolicySpec(podSelector: pods, policyTypes: types, ingress: ingress, egress: egress))
}

func pod(_ name: String) -> LabelSelector { LabelSelector(matchLabels: ["pod": name]) }
func namespace(_ name: String) -> LabelSelector { LabelSelector(matchLabels: ["ns": name]) }
func block(_ cidr: String, except: [String]? = nil) -> NetworkPolicyPeer {
    NetworkPolicyPeer(ipBlock: IPBlock(cidr: cidr, except: except))
}
