import AddressAllocation
package import ClusterAPI
import EgressSelection
package import NetworkTypes
import ServiceModel

/// The objects that say where services lead, and how pods leave the cluster.
package struct ServiceObjects: Sendable {
    package private(set) var services: [ObjectKey: Service] = [:]
    /// InternalIP addresses, in each node's order.
    package private(set) var nodeAddresses: [String: [IPAddress]] = [:]
    private var slices: [ObjectKey: EndpointSlice] = [:]
    private var endpoints: [ObjectKey: Endpoints] = [:]
    private var pods: [ObjectKey: Pod] = [:]
    private var nodes: [String: Node] = [:]
    /// By address from outside, the nodes that take what is sent there, as far as that is known.
    package private(set) var holders: [IPAddress: Set<String>] = [:]
    private var externalIPs = NodeExternalIPs()
    private var network: ClusterNetwork?
    private var subnets: [String: HostSubnet] = [:]
    private(set) var egress = EgressSelection()
    /// False for manifests without EgressNodes: who holds egress addresses is the cluster's to know.
    package var knowsEgressNodes = false

    package init() {}

    package mutating func upsert(_ service: Service) { services[service.key] = service }
    package mutating func upsert(_ slice: EndpointSlice) { slices[slice.key] = slice }
    package mutating func upsert(_ object: Endpoints) { endpoints[object.key] = object }
    package mutating func upsert(_ policy: ExternalIPPolicy) { externalIPs.upsert(policy) }
    package mutating func upsert(_ subnet: HostSubnet) { subnets[subnet.key.name] = subnet }
    package mutating func upsert(_ namespace: Namespace) { egress.upsert(namespace) }
    package mutating func upsert(_ netNamespace: NetNamespace) { egress.upsert(netNamespace) }
    package mutating func upsert(_ egressIP: EgressIP) { egress.upsert(egressIP) }
    package mutating func upsert(_ zone: Zone) { egress.upsert(zone) }

    package mutating func upsert(_ pod: Pod) {
        pods[pod.key] = pod
        egress.upsert(pod)
    }

    package mutating func upsert(_ node: EgressNode) {
        knowsEgressNodes = true
        egress.upsert(node)
    }

    package mutating func removeExternalIPPolicies() { externalIPs = NodeExternalIPs() }

    /// Only the object named `default` counts.
    package mutating func upsert(_ network: ClusterNetwork) {
        if network.key.name == "default" { self.network = network }
    }

    /// Its status says who has which address.
    package mutating func upsert(_ group: FailoverGroup) {
        for entry in group.status?.addresses ?? [] {
            guard let address = IPAddress(entry.address), let node = entry.node else { continue }
            holders[address] = Set([node] + (entry.alsoHeldBy ?? []))
        }
    }

    /// Says where what is sent to an address comes in, whatever a FailoverGroup says; nil: nowhere that is known.
    package mutating func lead(_ address: IPAddress, to node: String?) { holders[address] = node.map { [$0] } }

    /// Every address that a service has, or wants to have.
    package var serviceAddresses: Set<IPAddress> {
        let texts = services.values.flatMap { service in
            service.clusterAddressTexts + (service.spec?.externalIPs ?? [])
                + (service.status?.loadBalancer?.ingress ?? []).compactMap(\.ip)
        }
        return Set(texts.compactMap { IPAddress($0) })
    }

    /// What only services have addresses of.
    package var serviceRanges: [CIDR] { (network?.serviceNetworkTexts ?? []).compactMap { CIDR($0) } }

    package mutating func upsert(_ node: Node) {
        nodes[node.key.name] = node
        nodeAddresses[node.key.name] = node.internalAddressTexts.compactMap { IPAddress($0) }
    }

    /// What is pods' and services': nothing that goes there leaves the cluster.
    var clusterRanges: [CIDR] {
        let own = (network?.entries ?? []).map(\.cidr) + subnets.values.flatMap(\.allSubnets)
        return own.compactMap { CIDR($0) } + serviceRanges
    }

    /// Whether other nodes' packets get to a node, as far as is known of any.
    func isReached(_ node: String) -> Bool { nodes.isEmpty || nodes[node] != nil }

    package func node(of pod: ObjectKey) -> String? {
        pods[pod]?.spec?.nodeName.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The services as each node leads to them.
    ///
    /// A service without slices among the objects has those that the controller would make of its pods.
    func models() -> [String: ServiceModel] {
        if services.isEmpty { return [:] }
        let slices = Array(slices.values) + derivedSlices()
        let rules = externalIPRules
        var models: [String: ServiceModel] = [:]
        for name in nodes.isEmpty ? [""] : Array(nodes.keys) {
            var model = ServiceModel(nodeName: name)
            model.setZone(nodes[name]?.metadata.labels?["topology.kubernetes.io/zone"])
            model.setExternalIPRules(rules)
            for service in services.values { model.upsert(service) }
            for slice in slices { model.upsert(slice) }
            _ = model.settle()
            models[name] = model
        }
        return models
    }

    private var externalIPRules: ExternalIPRules {
        var addresses = externalIPs
        addresses.reserve(
            pods: (network?.entries ?? []).compactMap { CIDR($0.cidr) }, services: serviceRanges,
            subnets: subnets.values.flatMap(\.allSubnets).compactMap { CIDR($0) }.sorted())
        return addresses.rules
    }

    private func derivedSlices() -> [EndpointSlice] {
        let served = Set(slices.values.compactMap(\.service))
        var model = SliceModel()
        for service in services.values where !served.contains(service.key) { model.upsert(service) }
        for object in endpoints.values { model.upsert(object) }
        for node in nodes.values { model.upsert(node) }
        for pod in pods.values { model.upsert(Self.running(pod)) }
        var made: [EndpointSlice] = []
        for (service, actions) in model.plan() {
            for case .create(var slice) in actions {
                slice.metadata.name = "\(service.name)-\(made.count)"
                made.append(slice)
            }
        }
        return made
    }

    /// A manifest rarely says that a pod runs.
    private static func running(_ pod: Pod) -> Pod {
        var pod = pod
        if pod.status?.phase == nil, pod.status != nil { pod.status?.phase = "Running" }
        return pod
    }
}
