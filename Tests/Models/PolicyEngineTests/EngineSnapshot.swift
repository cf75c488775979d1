import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes
import PolicyEngine
import TestRandom

/// Everything that an engine shows to the world.
struct EngineSnapshot: Equatable {
    var endpoints: [ObjectKey: EndpointPolicy] = [:]
    var sets: [PeerSetID: PeerSetMembers] = [:]
    var diagnostics: [PolicyDiagnostic] = []

    init() {}

    init(_ engine: PolicyEngine, pods: some Sequence<ObjectKey>) {
        for key in pods where engine.endpointPolicy(for: key) != .open {
            endpoints[key] = engine.endpointPolicy(for: key)
        }
        for id in engine.peerSets { sets[id] = engine.members(of: id) }
        diagnostics = engine.diagnostics
    }

    /// Takes over only what the changes name, as the agent does.
    mutating func apply(_ changes: EngineChanges, from engine: PolicyEngine) {
        for key in changes.endpoints {
            let policy = engine.endpointPolicy(for: key)
            endpoints[key] = policy == .open ? nil : policy
        }
        for id in changes.removedSets { sets[id] = nil }
        for id in changes.createdSets { sets[id] = engine.members(of: id) }
        for (id, change) in changes.memberChanges {
            switch (sets[id], change.added, change.removed) {
            case (.addresses(let known), .addresses(let added), .addresses(let removed)):
                sets[id] = .addresses(known.subtracting(removed).union(added))
            case (.ports(let known), .ports(let added), .ports(let removed)):
                sets[id] = .ports(known.subtracting(removed).union(added))
            default: sets[id] = nil
            }
        }
        if changes.diagnosticsChanged { diagnostics = engine.diagnostics }
    }
}

/// An event of the API.
enum ClusterEvent {
    case pod(Pod), podGone(ObjectKey), namespace(Namespace), namespaceGone(String), node(Node), nodeGone(String)
    case policy(NetworkPolicy), policyGone(ObjectKey), tiers(AnyPolicy), tiersGone(AnyPolicy)
    case network(ClusterNetwork), networkGone, netNamespace(NetNamespace), netNamespaceGone(String)
    case zone(Zone), zoneGone(String), time(APITime)
    /// A pod was told, or is no more, that a name of these has the address.
    case told(NameSelector, IPAddress), untold(NameSelector, IPAddress)

    func apply(to engine: inout PolicyEngine) {
        switch self {
        case .pod(let pod): engine.upsert(pod)
        case .podGone(let key): engine.removePod(key)
        case .namespace(let namespace): engine.upsert(namespace)
        case .namespaceGone(let name): engine.removeNamespace(name)
        case .node(let node): engine.upsert(node)
        case .nodeGone(let name): engine.removeNode(name)
        case .policy(let policy): engine.upsert(policy)
        case .policyGone(let key): engine.removeNetworkPolicy(key)
        case .tiers(let policy): policy.enter(&engine)
        case .tiersGone(let policy): policy.leave(&engine)
        case .network(let network): engine.upsert(network)
        case .networkGone: engine.removeClusterNetwork("default")
        case .netNamespace(let netNamespace): engine.upsert(netNamespace)
        case .netNamespaceGone(let name): engine.removeNetNamespace(name)
        case .zone(let zone): engine.upsert(zone)
        case .zoneGone(let name): engine.removeZone(name)
        case .time(let time): engine.setTime(time)
        case .told(let selector, let address): engine.learn(Self.lesson(selector, address).told)
        case .untold(let selector, let address): engine.learn(Self.lesson(selector, address).untold)
        }
    }

    /// What the event is about: of several events on one subject only the last matters.
    var subject: String {
        switch self {
        case .pod(let pod): "pod \(pod.key)"
        case .podGone(let key): "pod \(key)"
        case .namespace(let namespace): "namespace \(namespace.metadata.name ?? "")"
        case .namespaceGone(let name): "namespace \(name)"
        case .node(let node): "node \(node.metadata.name ?? "")"
        case .nodeGone(let name): "node \(name)"
        case .policy(let policy): "policy \(policy.key)"
        case .policyGone(let key): "policy \(key)"
        case .tiers(let policy), .tiersGone(let policy): policy.subject
        case .network, .networkGone: "network"
        case .netNamespace(let netNamespace): "netnamespace \(netNamespace.key)"
        case .netNamespaceGone(let name): "netnamespace \(name)"
        case .zone(let zone): "zone \(zone.key)"
        case .zoneGone(let name): "zone \(name)"
        case .time: "time"
        case .told(let selector, let address), .untold(let selector, let address): "name \(selector) \(address)"
        }
    }

    /// As who reads the learner's journal makes it, for one selector alone.
    private static func lesson(
        _ selector: NameSelector, _ address: IPAddress
    ) -> (told: NameSetDelta, untold: NameSetDelta) {
        let pod = ObjectKey(namespace: "a", name: "any")
        let (base, reach) = (selector.pattern.base, selector.pattern.reach)
        let name = reach == .itself ? base : base.prepending("q") ?? base
        var followed = FollowedNames()
        _ = followed.mention([selector], by: pod)
        var (told, untold) = (NameSetDelta(), NameSetDelta())
        followed.follow(.add(LearnedAddress(client: pod, name: name, address: address, deadline: 9)), &told)
        followed.follow(.remove(client: pod, name: name, address: address), &untold)
        return (told, untold)
    }
}

extension RandomCluster {
    mutating func event() -> ClusterEvent {
        let namespaceName = random.pick(namespaceNames)
        switch random.below(34) {
        case 30...33: return nameEvent()
        case 20...21: return random.once(in: 4) ? .networkGone : .network(clusterNetwork())
        case 22...24: return .netNamespace(netNamespace(namespaceName))
        case 25: return .netNamespaceGone(namespaceName)
        case 26...27: return .zone(zone(random.pick(zoneNames)))
        case 28: return .zoneGone(random.pick(zoneNames))
        case 29: return moment().flatMap { APITime($0) }.map { .time($0) } ?? .zoneGone("zd")
        case 16...18: return .tiers(anyTierPolicy())
        case 19: return .tiersGone(anyTierPolicy())
        case 0...5: return .pod(pod(namespaceName, "p\(random.below(4))"))
        case 6...7: return .podGone(ObjectKey(namespace: namespaceName, name: "p\(random.below(4))"))
        case 8...10: return .policy(policy(namespaceName, "np\(random.below(3))"))
        case 11: return .policyGone(ObjectKey(namespace: namespaceName, name: "np\(random.below(3))"))
        case 12...13: return .namespace(namespace(namespaceName))
        case 14: return .namespaceGone(namespaceName)
        default: return random.once(in: 2) ? .node(node(random.below(2))) : .nodeGone(random.pick(nodeNames))
        }
    }

    /// Of the names that random policies mention, and of some that none does.
    private mutating func nameEvent() -> ClusterEvent {
        let patterns = [
            "www.example.com.", "api.example.com.", "*.example.com.", "**.example.com.", "*.b.example.com.",
            "**.example.org.", "*.example.com.!www.example.com.", "www.example.net.",
        ]
        let addresses = ["198.51.100.7", "2001:db8::1", "203.0.113.3", "10.0.0.1"]
        guard let selector = NameSelector(random.pick(patterns)), let address = IPAddress(random.pick(addresses)) else {
            return .zoneGone("zd")
        }
        return random.once(in: 3) ? .untold(selector, address) : .told(selector, address)
    }

    /// Of few names, so that policies replace each other.
    private mutating func anyTierPolicy() -> AnyPolicy {
        switch random.below(9) {
        case 8: .metadata(metadataAccess("t\(random.below(3))"))
        case 5...6: .firewall(egressFirewall(random.pick(namespaceNames)))
        case 7: .egress(egressNetworkPolicy(random.pick(namespaceNames)))
        case 0...1: .admin(adminPolicy("t\(random.below(3))"))
        case 2: .baseline(baselinePolicy())
        default: .cluster(clusterPolicy("t\(random.below(3))"))
        }
    }

    var podKeys: [ObjectKey] {
        namespaceNames.flatMap { name in (0..<4).map { ObjectKey(namespace: name, name: "p\($0)") } }
    }
}
