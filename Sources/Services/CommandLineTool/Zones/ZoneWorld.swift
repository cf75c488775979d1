package import APIMachinery
package import ClusterAPI
import Foundation
package import KubernetesClient
package import ManifestFiles
import NodeAgent
package import PolicyEngine

/// A cluster seen by its zones, from manifests or from the API.
package struct ZoneWorld: Sendable {
    package let engine: PolicyEngine
    /// From outside to inside, as JSON: what the API records about changes is in the metadata.
    package let zones: [(zone: Zone, document: JSONValue)]
    package let pods: [Pod]
    package let nodes: [Node]
    package let time: APITime
    package let warnings: [String]

    /// - Throws: `ManifestErrors` with every object that is not what its kind demands.
    package init(_ objects: [ManifestObject], at time: APITime) throws {
        let world = try PolicyWorld(objects, at: time)
        var zones: [String: (zone: Zone, document: JSONValue)] = [:]
        var pods: [ObjectKey: Pod] = [:]
        var nodes: [String: Node] = [:]
        for object in objects {
            if object.isKind(of: Zone.self) {
                let zone = try object.decode(Zone.self)
                zones[zone.key.name] = (zone, object.value)
            } else if object.isKind(of: Pod.self) {
                let pod = try object.decode(Pod.self)
                pods[pod.key] = pod
            } else if object.isKind(of: Node.self) {
                let node = try object.decode(Node.self)
                nodes[node.key.name] = node
            }
        }
        self.init(
            world.engine, zones, pods: Array(pods.values), nodes: Array(nodes.values), at: time,
            warnings: world.warnings)
    }

    /// What the API has now, taken as agents take it.
    package init(_ client: KubernetesClient, at time: APITime) async throws {
        var engine = PolicyEngine()
        engine.setTime(time)
        let namespaces = try await Self.read(Namespace.self, client)
        let nodes = try await Self.read(Node.self, client)
        let pods = try await Self.read(Pod.self, client)
        let policies = try await Self.read(NetworkPolicy.self, client)
        let admins = try await Self.read(AdminNetworkPolicy.self, client, mayBeMissing: true)
        let baselines = try await Self.read(BaselineAdminNetworkPolicy.self, client, mayBeMissing: true)
        let clusters = try await Self.read(ClusterNetworkPolicy.self, client, mayBeMissing: true)
        let firewalls = try await Self.read(EgressFirewall.self, client, mayBeMissing: true)
        let egressPolicies = try await Self.read(EgressNetworkPolicy.self, client, mayBeMissing: true)
        let accesses = try await Self.read(MetadataAccess.self, client, mayBeMissing: true)
        let networks = try await Self.read(ClusterNetwork.self, client, mayBeMissing: true)
        let netNamespaces = try await Self.read(NetNamespace.self, client, mayBeMissing: true)
        for namespace in namespaces.items { engine.upsert(namespace) }
        for node in nodes.items { engine.upsert(node) }
        for pod in pods.items { engine.upsert(pod) }
        for policy in policies.items { engine.upsert(policy) }
        for policy in admins.items { engine.upsert(policy) }
        for policy in baselines.items { engine.upsert(policy) }
        for policy in clusters.items { engine.upsert(policy) }
        for firewall in firewalls.items { engine.upsert(firewall) }
        for policy in egressPolicies.items { engine.upsert(policy) }
        for access in accesses.items { engine.upsert(access) }
        for network in networks.items { engine.upsert(network) }
        for netNamespace in netNamespaces.items { engine.upsert(netNamespace) }
        let zones = try await client.list(Zone.resource)
        var documents: [String: (zone: Zone, document: JSONValue)] = [:]
        for document in zones.items {
            let name = document["metadata"]?["name"]?.string ?? ""
            let data = try JSONEncoder().encode(document)
            // One that cannot be read counts as agents take it: nobody is known to be in it.
            let zone = (try? JSONDecoder().decode(Zone.self, from: data)) ?? Zone(name: name, spec: nil)
            documents[name] = (zone, document)
            engine.upsert(zone)
        }
        self.init(
            engine, documents, pods: pods.items, nodes: nodes.items, at: time,
            warnings: namespaces.warnings + nodes.warnings + pods.warnings + policies.warnings + admins.warnings
                + baselines.warnings + clusters.warnings + firewalls.warnings + egressPolicies.warnings
                + accesses.warnings + networks.warnings + netNamespaces.warnings)
    }

    private init(
        _ engine: PolicyEngine, _ zones: [String: (zone: Zone, document: JSONValue)], pods: [Pod], nodes: [Node],
        at time: APITime, warnings: [String]
    ) {
        self.engine = engine
        self.zones = engine.zoneNames.compactMap { zones[$0] }
        self.pods = pods.sorted { $0.key < $1.key }
        self.nodes = nodes.sorted { $0.key < $1.key }
        self.time = time
        self.warnings = warnings
    }

    private static func read<Object: WatchedObject>(
        _ type: Object.Type, _ client: KubernetesClient, mayBeMissing: Bool = false
    ) async throws -> ObjectsInForce<Object> {
        do {
            return ObjectsInForce(try await client.list(type))
        } catch  where mayBeMissing && error.apiFailure?.isNotFound == true {
            // Not every cluster has these kinds.
            return ObjectsInForce(ObjectList(items: [], resourceVersion: ""))
        }
    }

    /// The pods that zones are about: living, with a network of their own.
    package var livingPods: [Pod] { pods.filter { !$0.isHostNetwork && !$0.hasTerminated } }
}
