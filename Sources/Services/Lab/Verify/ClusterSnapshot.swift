package import APIMachinery
package import ClusterAPI
import FoundationEssentials
package import KubernetesClient
package import PolicyEngine
package import ServiceVerdicts

/// The objects that verdicts depend on, as they are at one moment.
package struct ClusterSnapshot: Sendable {
    package var pods: [Pod]
    package var namespaces: [Namespace]
    package var nodes: [Node]
    package var policies: [NetworkPolicy]
    package var adminPolicies: [AdminNetworkPolicy] = []
    package var baselinePolicies: [BaselineAdminNetworkPolicy] = []
    package var clusterPolicies: [ClusterNetworkPolicy] = []
    package var egressFirewalls: [EgressFirewall] = []
    package var egressNetworkPolicies: [EgressNetworkPolicy] = []
    package var metadataAccesses: [MetadataAccess] = []
    package var zones: [Zone] = []
    /// What is only tried; no part of `engine`.
    package var staged: [StagedObject] = []
    package var networks: [ClusterNetwork] = []
    package var netNamespaces: [NetNamespace] = []
    package var services = ServiceObjects()

    package init(
        pods: [Pod] = [], namespaces: [Namespace] = [], nodes: [Node] = [], policies: [NetworkPolicy] = []
    ) {
        self.pods = pods
        self.namespaces = namespaces
        self.nodes = nodes
        self.policies = policies
    }

    /// What the API has now.
    ///
    /// An object that cannot be read is an error: without it, verdicts would be guesses.
    ///
    /// - Parameter services: what says where services lead, too: connections to them are asked for.
    package static func live(_ client: KubernetesClient, services asksServices: Bool = false) async throws
        -> ClusterSnapshot
    {
        async let pods = all(Pod.self, client)
        async let namespaces = all(Namespace.self, client)
        async let nodes = all(Node.self, client)
        async let policies = all(NetworkPolicy.self, client)
        async let adminPolicies = all(AdminNetworkPolicy.self, client, mayBeMissing: true)
        async let baselinePolicies = all(BaselineAdminNetworkPolicy.self, client, mayBeMissing: true)
        async let clusterPolicies = all(ClusterNetworkPolicy.self, client, mayBeMissing: true)
        async let egressFirewalls = all(EgressFirewall.self, client, mayBeMissing: true)
        async let egressNetworkPolicies = all(EgressNetworkPolicy.self, client, mayBeMissing: true)
        async let metadataAccesses = all(MetadataAccess.self, client, mayBeMissing: true)
        async let zones = all(Zone.self, client, mayBeMissing: true)
        async let staged = all(StagedPolicy.self, client, mayBeMissing: true)
        async let clusterStaged = all(ClusterStagedPolicy.self, client, mayBeMissing: true)
        async let networks = all(ClusterNetwork.self, client)
        async let netNamespaces = all(NetNamespace.self, client)
        async let services = asksServices ? serviceObjects(client) : ServiceObjects()
        var snapshot = try await ClusterSnapshot(
            pods: pods, namespaces: namespaces, nodes: nodes, policies: policies)
        snapshot.adminPolicies = try await adminPolicies
        snapshot.baselinePolicies = try await baselinePolicies
        snapshot.clusterPolicies = try await clusterPolicies
        snapshot.egressFirewalls = try await egressFirewalls
        snapshot.egressNetworkPolicies = try await egressNetworkPolicies
        snapshot.metadataAccesses = try await metadataAccesses
        snapshot.zones = try await zones
        snapshot.staged = try await staged.map(StagedObject.namespaced)
        snapshot.staged += try await clusterStaged.map(StagedObject.cluster)
        snapshot.networks = try await networks
        snapshot.netNamespaces = try await netNamespaces
        snapshot.services = try await services
        return snapshot
    }

    /// What says where services lead and who holds egress addresses, apart from pods, nodes, zones and networks.
    @concurrent private static func serviceObjects(_ client: KubernetesClient) async throws -> ServiceObjects {
        async let services = all(Service.self, client)
        async let slices = all(EndpointSlice.self, client)
        async let policies = all(ExternalIPPolicy.self, client, mayBeMissing: true)
        async let subnets = all(HostSubnet.self, client, mayBeMissing: true)
        async let groups = all(FailoverGroup.self, client, mayBeMissing: true)
        async let egressIPs = readable(EgressIP.self, client)
        async let egressNodes = readable(EgressNode.self, client)
        var objects = ServiceObjects()
        objects.knowsEgressNodes = true
        for egressIP in try await egressIPs.items { objects.upsert(egressIP) }
        // As agents take it: one that cannot be read may be about any pod, and a node that says nothing holds nothing.
        for broken in try await egressIPs.unreadable { objects.upsert(EgressIP(name: broken.key.name, spec: nil)) }
        for node in try await egressNodes.items { objects.upsert(node) }
        for service in try await services { objects.upsert(service) }
        for slice in try await slices { objects.upsert(slice) }
        for policy in try await policies { objects.upsert(policy) }
        for subnet in try await subnets { objects.upsert(subnet) }
        for group in try await groups { objects.upsert(group) }
        return objects
    }

    @concurrent private static func all<Object: APIObject>(
        _ type: Object.Type, _ client: KubernetesClient, mayBeMissing: Bool = false
    ) async throws -> [Object] {
        let list = mayBeMissing ? try await readable(type, client) : try await client.list(type)
        guard let broken = list.unreadable.first else { return list.items }
        throw LabError(
            "\(Object.resource.kind) \(broken) cannot be read", remedy: "Correct the object with kubectl edit.")
    }

    /// Of a kind that not every cluster has.
    @concurrent private static func readable<Object: APIObject>(
        _ type: Object.Type, _ client: KubernetesClient
    ) async throws -> ObjectList<Object> {
        do {
            return try await client.list(type)
        } catch  where error.apiFailure?.isNotFound == true {
            return ObjectList(items: [], resourceVersion: "")
        }
    }

    /// This cluster, its pods, nodes and services where they really are, under the policies and labels of other documents.
    ///
    /// - Throws: `LabError` with the object that cannot be read.
    package func under(_ documents: [JSONValue]) throws -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(pods: [], namespaces: [], nodes: nodes, policies: [])
        // The mode and the projects' ids are the lab's own, as its nodes are.
        snapshot.networks = networks
        snapshot.netNamespaces = netNamespaces
        snapshot.services = services
        snapshot.services.removeExternalIPPolicies()
        let live = Dictionary(pods.map { ($0.key, $0) }) { first, _ in first }
        for document in documents.flatMap(ManifestPlan.flattened) {
            switch document["kind"]?.string {
            case "Pod":
                var pod = try Self.decode(Pod.self, document)
                if pod.metadata.namespace == nil { pod.metadata.namespace = "default" }
                // A pod that only the manifests know has no address here, whatever they say.
                pod.status = live[pod.key]?.status ?? PodStatus(phase: pod.status?.phase)
                if let real = live[pod.key] { pod.spec?.nodeName = real.spec?.nodeName }
                snapshot.pods.append(pod)
            case "Namespace": snapshot.namespaces.append(try Self.decode(Namespace.self, document))
            case "NetworkPolicy":
                var policy = try Self.decode(NetworkPolicy.self, document)
                if policy.metadata.namespace == nil { policy.metadata.namespace = "default" }
                snapshot.policies.append(policy)
            case "AdminNetworkPolicy":
                snapshot.adminPolicies.append(try Self.decode(AdminNetworkPolicy.self, document))
            case "BaselineAdminNetworkPolicy":
                snapshot.baselinePolicies.append(try Self.decode(BaselineAdminNetworkPolicy.self, document))
            case "ClusterNetworkPolicy":
                snapshot.clusterPolicies.append(try Self.decode(ClusterNetworkPolicy.self, document))
            case "EgressFirewall":
                snapshot.egressFirewalls.append(try Self.decode(EgressFirewall.self, document.inNamespace))
            case "EgressNetworkPolicy":
                snapshot.egressNetworkPolicies.append(try Self.decode(EgressNetworkPolicy.self, document.inNamespace))
            case "MetadataAccess":
                snapshot.metadataAccesses.append(try Self.decode(MetadataAccess.self, document))
            case "Zone": snapshot.zones.append(try Self.decode(Zone.self, document))
            case "ExternalIPPolicy": snapshot.services.upsert(try Self.decode(ExternalIPPolicy.self, document))
            default: break
            }
        }
        let known = Set(snapshot.pods.map(\.key))
        snapshot.pods += pods.filter { !known.contains($0.key) }
        let named = Set(snapshot.namespaces.compactMap(\.metadata.name))
        snapshot.namespaces += namespaces.filter { !named.contains($0.metadata.name ?? "") }
        return snapshot
    }

    private static func decode<Object: APIObject>(_ type: Object.Type, _ document: JSONValue) throws -> Object {
        do {
            return try JSONDecoder().decode(type, from: JSONEncoder().encode(document))
        } catch {
            let name = document["metadata"]?["name"]?.string ?? "without a name"
            throw LabError(
                "\(Object.resource.kind) \(name): \(error)", remedy: "Run gabion policy check on the manifest.")
        }
    }

    /// Judges connections to services and nodes, too; with the nodes at which addresses come in, where that is known.
    package func judge(at time: APITime? = nil, entrances: Entrances = Entrances()) -> ServiceJudge {
        var objects = services
        for pod in pods { objects.upsert(pod) }
        for node in nodes { objects.upsert(node) }
        for network in networks { objects.upsert(network) }
        for namespace in namespaces { objects.upsert(namespace) }
        for netNamespace in netNamespaces { objects.upsert(netNamespace) }
        for zone in zones { objects.upsert(zone) }
        for (address, node) in entrances.nodes { objects.lead(address, to: node) }
        return ServiceJudge(time.map { engine(at: $0) } ?? engine, objects)
    }

    package var engine: PolicyEngine {
        engine(at: APITime(microseconds: Timestamp.now().microsecondsSince1970))
    }

    /// At a moment: holes between zones end.
    package func engine(at time: APITime) -> PolicyEngine {
        var engine = PolicyEngine()
        for namespace in namespaces { engine.upsert(namespace) }
        for node in nodes { engine.upsert(node) }
        for pod in pods { engine.upsert(pod) }
        for policy in policies { engine.upsert(policy) }
        for policy in adminPolicies { engine.upsert(policy) }
        for policy in baselinePolicies { engine.upsert(policy) }
        for policy in clusterPolicies { engine.upsert(policy) }
        for firewall in egressFirewalls { engine.upsert(firewall) }
        for policy in egressNetworkPolicies { engine.upsert(policy) }
        for access in metadataAccesses { engine.upsert(access) }
        engine.setTime(time)
        for zone in zones { engine.upsert(zone) }
        for network in networks { engine.upsert(network) }
        for netNamespace in netNamespaces { engine.upsert(netNamespace) }
        return engine
    }
}

extension JSONValue {
    /// The object with the namespace that it goes to: `default` if it names none.
    fileprivate var inNamespace: JSONValue {
        var object = self
        if object["metadata"]?["namespace"] == nil { object["metadata"]?["namespace"] = "default" }
        return object
    }
}
