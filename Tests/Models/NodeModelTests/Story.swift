import ClusterAPI
import NetworkTypes
import NodeModel

/// One step of a cluster's history, as the agent hears of it.
enum Step: Hashable {
    case pod(Pod)
    case podGone(ObjectKey)
    case namespace(Namespace)
    case namespaceGone(String)
    case admin(AdminNetworkPolicy)
    case adminGone(String)
    case policy(NetworkPolicy)
    case policyGone(ObjectKey)
    case node(Node)
    case nodeGone(String)
    case subnet(HostSubnet)
    case subnetGone(String)
    case network(ClusterNetwork)
    case netNamespace(NetNamespace)
    case netNamespaceGone(String)
    case egressIP(EgressIP)
    case egressIPGone(String)
    case egressNode(EgressNode)
    case egressNodeGone(String)
    case attach(PodAttachment)
    case detach(String)

    /// What the step is about: the last step about it decides.
    var subject: String {
        switch self {
        case .pod(let pod): "pod \(pod.key)"
        case .podGone(let key): "pod \(key)"
        case .namespace(let namespace): "namespace \(namespace.key)"
        case .namespaceGone(let name): "namespace \(name)"
        case .admin(let policy): "admin \(policy.key)"
        case .adminGone(let name): "admin \(name)"
        case .policy(let policy): "policy \(policy.key)"
        case .policyGone(let key): "policy \(key)"
        case .node(let node): "node \(node.key)"
        case .nodeGone(let name): "node \(name)"
        case .subnet(let subnet): "subnet \(subnet.key)"
        case .subnetGone(let name): "subnet \(name)"
        case .network: "network"
        case .netNamespace(let netNamespace): "netnamespace \(netNamespace.key)"
        case .netNamespaceGone(let name): "netnamespace \(name)"
        case .egressIP(let egressIP): "egressip \(egressIP.key)"
        case .egressIPGone(let name): "egressip \(name)"
        case .egressNode(let node): "egressnode \(node.key)"
        case .egressNodeGone(let name): "egressnode \(name)"
        case .attach(let attachment): "interface \(attachment.interface)"
        case .detach(let interface): "interface \(interface)"
        }
    }

    func apply(to model: inout NodeModel) {
        switch self {
        case .pod(let pod): model.upsert(pod)
        case .podGone(let key): model.removePod(key)
        case .namespace(let namespace): model.upsert(namespace)
        case .namespaceGone(let name): model.removeNamespace(name)
        case .admin(let policy): model.upsert(policy)
        case .adminGone(let name): model.removeAdminNetworkPolicy(name)
        case .policy(let policy): model.upsert(policy)
        case .policyGone(let key): model.removeNetworkPolicy(key)
        case .node(let node): model.upsert(node)
        case .nodeGone(let name): model.removeNode(name)
        case .subnet(let subnet): model.upsert(subnet)
        case .subnetGone(let name): model.removeHostSubnet(name)
        case .network(let network): model.upsert(network)
        case .netNamespace(let netNamespace): model.upsert(netNamespace)
        case .netNamespaceGone(let name): model.removeNetNamespace(name)
        case .egressIP(let egressIP): model.upsert(egressIP)
        case .egressIPGone(let name): model.removeEgressIP(name)
        case .egressNode(let node): model.upsert(node)
        case .egressNodeGone(let name): model.removeEgressNode(name)
        case .attach(let attachment): model.attach(attachment)
        case .detach(let interface): model.detach(interface: interface)
        }
    }
}

/// A cluster's history in which things come, change and go.
enum Story {
    static func pod(
        _ name: String, node: String?, app: String, ip: String? = nil, phase: String = "Running", uid: String? = nil
    )
        -> Pod
    {
        var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": app]))
        pod.metadata.uid = uid
        pod.spec = PodSpec(nodeName: node)
        pod.status = PodStatus(phase: phase, podIPs: ip.map { [$0] } ?? [])
        return pod
    }

    static func attachment(_ name: String, _ number: UInt32, uid: String? = nil) -> PodAttachment {
        let address = IPAddress(v4: 0x0A80_0100 + number)
        return PodAttachment(
            pod: ObjectKey(namespace: "shop", name: name), podUID: uid, containerID: "c\(number)",
            interface: "gab0000000000\(number)", addresses: [address], mac: MACAddress(derivedFrom: address))
    }

    static func policy(_ name: String, selects app: String, from peer: String) -> NetworkPolicy {
        let peers = [NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": peer]))]
        return NetworkPolicy(
            metadata: ObjectMeta(name: name, namespace: "shop"),
            spec: NetworkPolicySpec(
                podSelector: LabelSelector(matchLabels: ["app": app]), ingress: [.init(from: peers)]))
    }

    static func admin(_ name: String, denies app: String) -> AdminNetworkPolicy {
        let everyone = NamespacedPods(namespaceSelector: LabelSelector(), podSelector: LabelSelector())
        let peer = NamespacedPods(
            namespaceSelector: LabelSelector(matchLabels: ["team": "red"]),
            podSelector: LabelSelector(matchLabels: ["app": app]))
        return AdminNetworkPolicy(
            name: name,
            spec: AdminNetworkPolicySpec(
                priority: 1, subject: ClusterPolicySubject(pods: everyone),
                ingress: [.init(action: "Deny", from: [ClusterPolicyPeer(pods: peer)])]))
    }

    static func subnet(_ name: String, _ number: Int) -> HostSubnet {
        HostSubnet(host: name, hostIPs: ["192.168.7.\(number)"], subnets: ["10.128.\(number).0/24"])
    }

    static let steps: [Step] = [
        .namespace(Namespace(metadata: ObjectMeta(name: "shop"))),
        .network(ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)])),
        .node(Node(metadata: ObjectMeta(name: "one"))),
        .node(Node(metadata: ObjectMeta(name: "two"))),
        .subnet(subnet("one", 1)), .subnet(subnet("two", 2)), .subnet(subnet("three", 3)),
        .attach(attachment("web", 10)),
        .pod(pod("web", node: "one", app: "web")),
        .pod(pod("front", node: "two", app: "front", ip: "10.128.2.5")),
        .policy(policy("web-from-front", selects: "web", from: "front")),
        .pod(pod("back", node: "one", app: "front")),
        .attach(attachment("back", 11)),
        .pod(pod("moved", node: nil, app: "front")),
        .pod(pod("moved", node: "two", app: "front", ip: "10.128.2.6")),
        .policy(policy("passing", selects: "web", from: "web")),
        .policyGone(ObjectKey(namespace: "shop", name: "passing")),
        .admin(admin("guard", denies: "front")), .admin(admin("passing", denies: "web")), .adminGone("passing"),
        .namespaceGone("shop"), .namespace(Namespace(metadata: ObjectMeta(name: "shop", labels: ["team": "red"]))),
        .attach(attachment("old", 12, uid: "first")),
        .pod(pod("old", node: "one", app: "web", uid: "second")),
        .attach(attachment("gone", 13)),
        .detach(attachment("gone", 13).interface),
        .pod(pod("front", node: "two", app: "web", ip: "10.128.2.5")),
        .attach(attachment("job", 14)),
        .pod(pod("job", node: "one", app: "front", phase: "Succeeded")),
        .subnetGone("three"),
        .pod(pod("deleted", node: "two", app: "front", ip: "10.128.2.9")),
        .podGone(ObjectKey(namespace: "shop", name: "deleted")),
        .pod(pod("web", node: "one", app: "web", ip: "10.128.1.99")),
        .netNamespace(NetNamespace(netname: "shop", netid: 12)), .network(network("multitenant")),
        .netNamespaceGone("shop"), .netNamespace(NetNamespace(netname: "shop", netid: 13)), .network(network("subnet")),
        .network(network("sideways")),
        .egressNode(EgressNode(name: "one", spec: EgressNodeSpec(addresses: ["192.0.2.1"]))),
        .egressNode(EgressNode(name: "two", spec: EgressNodeSpec(addresses: ["192.0.2.1", "192.0.2.2"]))),
        .egressIP(egressIP("office", ["192.0.2.2"], app: "web")),
        .egressIP(egressIP("all", ["192.0.2.1"], app: "front")),
        .egressNode(EgressNode(name: "two", spec: EgressNodeSpec(addresses: ["192.0.2.2"]))),
        .egressIPGone("all"), .egressNodeGone("one"),
        .netNamespace(asking("shop", ["192.0.2.3"])), .netNamespace(asking("shop", [])),
        .egressIP(egressIP("some", ["192.0.2.4"], app: "front")),
    ]

    static func egressIP(_ name: String, _ addresses: [String], app: String) -> EgressIP {
        EgressIP(
            name: name,
            spec: EgressIPSpec(
                egressIPs: addresses, namespaceSelector: LabelSelector(),
                podSelector: LabelSelector(matchLabels: ["app": app])))
    }

    static func asking(_ namespace: String, _ addresses: [String]) -> NetNamespace {
        var netNamespace = NetNamespace(netname: namespace, netid: 13)
        netNamespace.egressIPs = addresses
        return netNamespace
    }

    static func network(_ mode: String) -> ClusterNetwork {
        ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)], pluginName: mode)
    }

    /// The state after some steps, settled after every one, or only at the end.
    static func state(after steps: [Step], settlingAlways: Bool) -> NodeState {
        var model = NodeModel(nodeName: "one")
        for step in steps {
            step.apply(to: &model)
            if settlingAlways { _ = model.settle() }
        }
        _ = model.settle()
        return model.state
    }

    /// Only the last step about each subject.
    static func squashed(_ steps: [Step]) -> [Step] {
        var seen: Set<String> = []
        return steps.reversed().filter { seen.insert($0.subject).inserted }.reversed()
    }
}
