import ClusterAPI
import EgressNames
import NetworkTypes
import NodeModel
import TestRandom

/// A cluster of two nodes with dual-stack pods in three namespaces, and policies made of everything that policies have.
struct RandomCluster {
    var random: SeededGenerator
    var pods: [Pod] = []
    var attachments: [PodAttachment] = []
    var policies: [NetworkPolicy] = []
    var admins: [AdminNetworkPolicy] = []
    var baselines: [BaselineAdminNetworkPolicy] = []
    var clusters: [ClusterNetworkPolicy] = []
    var mode: String?
    var netNamespaces: [NetNamespace] = []
    var zones: [Zone] = []
    var firewalls: [EgressFirewall] = []
    /// One in two clusters lets some pods reach the cloud's metadata.
    var accesses: [MetadataAccess] = []
    /// What local pods were told of names.
    var told: [LearnedLine] = []

    static let namespaces = ["red", "blue", "quiet"]
    static let ports = [22, 80, 443, 8080]

    init(
        seed: Int, policies count: Int = 6, tiers: Bool = false, tenancy: Bool = false, zones: Bool = false,
        egress: Bool = false, names: Bool = false
    ) {
        random = SeededGenerator(seed: seed)
        for number in 0..<12 { addPod(number) }
        for number in 0..<Int.random(in: 1...count, using: &random) { addPolicy(number) }
        if tiers { addTiers() }
        if tenancy { addTenancy() }
        if zones { addZones() }
        if egress { addEgress() }
        if names { addNames() }
        guard seed.isMultiple(of: 2) else { return }
        let subject = NamespacedPods(namespaceSelector: LabelSelector(), podSelector: selector())
        accesses.append(MetadataAccess(name: "readers", spec: .init(subject: .init(pods: subject))))
    }

    var model: NodeModel {
        var model = NodeModel(nodeName: "one")
        for name in Self.namespaces { model.upsert(Self.namespace(name)) }
        model.upsert(
            ClusterNetwork(
                clusterNetworks: [
                    .init(cidr: "10.128.0.0/14", hostSubnetLength: 8),
                    .init(cidr: "fd00:10::/48", hostSubnetLength: 16),
                ], pluginName: mode))
        for netNamespace in netNamespaces { model.upsert(netNamespace) }
        for (number, name) in ["one", "two"].enumerated() {
            let addresses = Self.hostAddresses(number + 1)
            var node = Node(metadata: ObjectMeta(name: name, labels: ["zone": number == 0 ? "a" : "b"]))
            node.status = NodeStatus(addresses: addresses.map { NodeAddress(type: "InternalIP", address: $0) })
            model.upsert(node)
            model.upsert(
                HostSubnet(
                    host: name, hostIPs: addresses,
                    subnets: ["10.128.\(number + 1).0/24", "fd00:10:0:\(number + 1)::/64"]))
        }
        for pod in pods { model.upsert(pod) }
        for attachment in attachments { model.attach(attachment) }
        for policy in policies { model.upsert(policy) }
        for policy in admins { model.upsert(policy) }
        for policy in baselines { model.upsert(policy) }
        for policy in clusters { model.upsert(policy) }
        for zone in zones { model.upsert(zone) }
        for firewall in firewalls { model.upsert(firewall) }
        for access in accesses { model.upsert(access) }
        return model
    }

    static func hostAddresses(_ number: Int) -> [String] { ["192.168.7.\(number)", "fd00:7::\(number)"] }

    static func namespace(_ name: String) -> Namespace {
        Namespace(metadata: ObjectMeta(name: name, labels: ["team": name == "quiet" ? "ops" : "dev"]))
    }

    private mutating func addPod(_ number: Int) {
        let isLocal = number % 2 == 0
        let subnet = isLocal ? 1 : 2
        let addresses = ["10.128.\(subnet).\(number + 10)", "fd00:10:0:\(subnet)::\(String(number + 16, radix: 16))"]
        let labels = ["app": ["web", "db", "job"].randomElement(using: &random) ?? "", "tier": "\(number % 3)"]
        let key = ObjectKey(namespace: Self.namespaces[number % 3], name: "pod-\(number)")
        let web = ContainerPort(name: "web", containerPort: Bool.random(using: &random) ? 80 : 8080)
        var pod = Pod(metadata: ObjectMeta(name: key.name, namespace: key.namespace, labels: labels))
        pod.spec = PodSpec(
            nodeName: isLocal ? "one" : "two", containers: [Container(name: "c", ports: number % 4 == 3 ? [] : [web])])
        pod.status = PodStatus(phase: "Running", podIPs: isLocal ? [] : addresses)
        pods.append(pod)
        guard isLocal else { return }
        let parsed = addresses.compactMap { IPAddress($0) }
        attachments.append(
            PodAttachment(
                pod: key, containerID: "c\(number)", interface: "gab00000000000\(String(number, radix: 16))",
                addresses: parsed, mac: MACAddress(derivedFrom: parsed[0]),
                bandwidth: PodBandwidth(
                    ingress: number % 3 == 0 ? .init(bitsPerSecond: 8_000_000) : nil,
                    egress: number % 2 == 0 ? .init(bitsPerSecond: 1000, burstBits: 80) : nil)))
    }

    private mutating func addPolicy(_ number: Int) {
        var spec = NetworkPolicySpec(podSelector: selector())
        let types: [[NetworkPolicySpec.PolicyType]?] = [nil, [.ingress], [.egress], [.ingress, .egress]]
        spec.policyTypes = types.randomElement(using: &random) ?? nil
        if Int.random(in: 0..<5, using: &random) > 0 {
            spec.ingress = (0..<Int.random(in: 0...3, using: &random)).map { _ in .init(from: peers(), ports: ports()) }
        }
        if Int.random(in: 0..<5, using: &random) > 0 {
            spec.egress = (0..<Int.random(in: 0...3, using: &random)).map { _ in .init(to: peers(), ports: ports()) }
        }
        let namespace = Self.namespaces.randomElement(using: &random) ?? "red"
        policies.append(NetworkPolicy(metadata: ObjectMeta(name: "policy-\(number)", namespace: namespace), spec: spec))
    }

    mutating func selector() -> LabelSelector {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: LabelSelector()
        case 1: LabelSelector(matchLabels: ["app": ["web", "db"].randomElement(using: &random) ?? ""])
        case 2: LabelSelector(matchExpressions: [.init(key: "tier", operator: .notIn, values: ["1"])])
        default: LabelSelector(matchLabels: ["tier": "\(Int.random(in: 0..<3, using: &random))"])
        }
    }

    private mutating func peers() -> [NetworkPolicyPeer]? {
        if Int.random(in: 0..<5, using: &random) == 0 { return nil }
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in peer() }
    }

    private mutating func peer() -> NetworkPolicyPeer {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return NetworkPolicyPeer(podSelector: selector())
        case 1: return NetworkPolicyPeer(namespaceSelector: LabelSelector(matchLabels: ["team": "dev"]))
        case 2: return NetworkPolicyPeer(podSelector: selector(), namespaceSelector: LabelSelector())
        case 3:
            return NetworkPolicyPeer(
                ipBlock: Bool.random(using: &random)
                    ? IPBlock(cidr: "10.128.0.0/16", except: ["10.128.2.0/28", "10.128.1.16/30"])
                    : IPBlock(cidr: "fd00:10::/48", except: ["fd00:10:0:2::10/124"]))
        default:
            return NetworkPolicyPeer(
                ipBlock: IPBlock(cidr: Bool.random(using: &random) ? "203.0.113.0/24" : "0.0.0.0/0"))
        }
    }

    private mutating func ports() -> [NetworkPolicyPort]? {
        if Int.random(in: 0..<3, using: &random) == 0 { return nil }
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let transport = ["TCP", "UDP", "SCTP", nil].randomElement(using: &random) ?? nil
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return NetworkPolicyPort(protocol: transport)
            case 1: return NetworkPolicyPort(protocol: "TCP", port: .string("web"))
            case 2: return NetworkPolicyPort(protocol: transport, port: .int(80), endPort: 8000)
            default:
                return NetworkPolicyPort(
                    protocol: transport, port: .int(Self.ports.randomElement(using: &random) ?? 80))
            }
        }
    }
}
