import ClusterAPI
import PolicyEngine
import TestRandom

/// An event of the cluster, or of what is staged in it.
enum StagedEvent {
    case cluster(ClusterEvent), staged(StagedObject), unstaged(PolicyReference)

    /// As a node's model does it.
    func apply(to real: inout PolicyEngine, _ staging: inout StagedWorld) {
        switch self {
        case .cluster(let event):
            event.apply(to: &real)
            if let policy = event.policy {
                staging.apply(about: policy) { event.apply(to: &$0) }
            } else {
                staging.apply { event.apply(to: &$0) }
            }
        case .staged(let object): staging.upsert(object, beside: real)
        case .unstaged(let reference): staging.remove(reference, beside: real)
        }
    }

    var subject: String {
        switch self {
        case .cluster(let event): event.subject
        case .staged(let object): "\(object.reference)"
        case .unstaged(let reference): "\(reference)"
        }
    }
}

extension ClusterEvent {
    /// The policy that it is about.
    var policy: PolicyReference? {
        switch self {
        case .policy(let policy): PolicyReference(.networkPolicy, policy.key)
        case .policyGone(let key): PolicyReference(.networkPolicy, key)
        case .tiers(let policy), .tiersGone(let policy): policy.reference
        case .zone(let zone): PolicyReference(.zone, zone.key)
        case .zoneGone(let name): PolicyReference(.zone, ObjectKey(namespace: "", name: name))
        default: nil
        }
    }
}

extension AnyPolicy {
    var reference: PolicyReference {
        switch self {
        case .network(let policy): PolicyReference(.networkPolicy, policy.key)
        case .admin(let policy): PolicyReference(.adminNetworkPolicy, policy.key)
        case .baseline(let policy): PolicyReference(.baselineAdminNetworkPolicy, policy.key)
        case .cluster(let policy): PolicyReference(.clusterNetworkPolicy, policy.key)
        case .firewall(let firewall): PolicyReference(.egressFirewall, firewall.key)
        case .egress(let policy): PolicyReference(.egressNetworkPolicy, policy.key)
        case .metadata(let access): PolicyReference(.metadataAccess, access.key)
        }
    }
}

extension RandomCluster {
    mutating func stagedEvent() -> StagedEvent {
        guard random.once(in: 3) else { return .cluster(event()) }
        let object = stagedObject()
        return random.once(in: 3) ? .unstaged(object.reference) : .staged(object)
    }

    /// Of few names, so that several are about one policy; now and then one that cannot be meant.
    private mutating func stagedObject() -> StagedObject {
        let names = ["np0", "np1", "t0", "t1", "default", "za", "zb"]
        let action: StagedPolicySpec.Action = random.once(in: 4) ? .delete : .set
        if random.once(in: 2) {
            let namespace = random.pick(namespaceNames)
            var wrapped = networkContent(namespace)
            if random.once(in: 20) { wrapped = clusterContent() }
            if random.once(in: 20) { wrapped.metadata.namespace = "elsewhere" }
            return .namespaced(
                StagedPolicy(
                    name: random.pick(names), namespace: namespace, spec: .init(action: action, policy: wrapped)))
        }
        let wrapped = random.once(in: 20) ? networkContent("a") : clusterContent()
        return .cluster(ClusterStagedPolicy(name: random.pick(names), spec: .init(action: action, policy: wrapped)))
    }

    private mutating func networkContent(_ namespace: String) -> WrappedPolicy {
        let name = random.once(in: 3) ? nil : "np\(random.below(3))"
        if random.once(in: 3) {
            return WrappedPolicy(
                metadata: ObjectMeta(name: "default"), content: .egressFirewall(egressFirewall(namespace).spec))
        }
        return WrappedPolicy(
            metadata: ObjectMeta(name: name, namespace: random.once(in: 2) ? namespace : nil),
            content: .networkPolicy(policy(namespace, "x").spec))
    }

    private mutating func clusterContent() -> WrappedPolicy {
        let name = random.once(in: 3) ? nil : "t\(random.below(3))"
        switch random.below(7) {
        case 0...1:
            return WrappedPolicy(
                metadata: ObjectMeta(name: name), content: .adminNetworkPolicy(adminPolicy("x").spec))
        case 2:
            return WrappedPolicy(
                metadata: ObjectMeta(name: "default"), content: .baselineAdminNetworkPolicy(baselinePolicy().spec))
        case 3:
            return WrappedPolicy(
                metadata: ObjectMeta(name: name), content: .clusterNetworkPolicy(clusterPolicy("x").spec))
        case 4:
            return WrappedPolicy(
                metadata: ObjectMeta(name: name), content: .metadataAccess(metadataAccess("x").spec))
        default:
            let zone = random.pick(zoneNames)
            return WrappedPolicy(metadata: ObjectMeta(name: zone), content: .zone(self.zone(zone).spec))
        }
    }
}

extension PolicyEngine {
    /// Puts a wrapped policy in force, by the engine's own events.
    mutating func enforce(_ content: WrappedPolicy.Content, _ target: PolicyReference) {
        let (space, name) = (target.key.namespace, target.key.name)
        let nothing = ClusterPolicySubject()
        switch content {
        case .networkPolicy(let spec):
            upsert(NetworkPolicy(metadata: ObjectMeta(name: name, namespace: space), spec: spec))
        case .adminNetworkPolicy(let spec):
            var policy = AdminNetworkPolicy(name: name, spec: .init(subject: nothing))
            policy.spec = spec
            upsert(policy)
        case .baselineAdminNetworkPolicy(let spec):
            var policy = BaselineAdminNetworkPolicy(name: name, spec: .init(subject: nothing))
            policy.spec = spec
            upsert(policy)
        case .clusterNetworkPolicy(let spec):
            var policy = ClusterNetworkPolicy(name: name, spec: .init(tier: "", priority: 0, subject: nothing))
            policy.spec = spec
            upsert(policy)
        case .egressFirewall(let spec): upsert(EgressFirewall(namespace: space, name: name, spec: spec))
        case .egressNetworkPolicy(let spec):
            upsert(EgressNetworkPolicy(namespace: space, name: name, spec: spec))
        case .zone(let spec): upsert(Zone(name: name, spec: spec))
        case .metadataAccess(let spec): upsert(MetadataAccess(name: name, spec: spec))
        }
    }
}
