import ClusterAPI
import KubernetesClient
import Logging
import NetworkTypes
import NodeAgent
import NodeModel

/// A cluster of two nodes as the agent of node `one` is told of it.
enum Cluster {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static var configuration: AgentConfiguration {
        var configuration = AgentConfiguration(nodeName: "one")
        configuration.attachDeadline = .seconds(5)
        configuration.shortestRetry = .milliseconds(5)
        return configuration
    }

    static func pod(_ name: String, labels: [String: String] = [:]) -> Pod {
        var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: labels))
        pod.spec = PodSpec(nodeName: "one")
        return pod
    }

    static func attachment(_ name: String, _ number: UInt32) -> PodAttachment {
        let address = IPAddress(v4: 0x0A80_0100 + number)
        return PodAttachment(
            pod: ObjectKey(namespace: "shop", name: name), containerID: "c-\(name)",
            interface: "gab00000000000\(number)", addresses: [address], mac: MACAddress(derivedFrom: address))
    }

    /// Nobody may reach pods of the namespace, but those that `from` selects on port 80.
    static func policy(from: LabelSelector?) -> NetworkPolicy {
        var spec = NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress])
        spec.ingress = from.map { [.init(from: [NetworkPolicyPeer(podSelector: $0)], ports: [.init(port: .int(80))])] }
        return NetworkPolicy(metadata: ObjectMeta(name: "only", namespace: "shop"), spec: spec)
    }

    static func introduce(
        to agent: NodeAgent, pods: [Pod] = [], policies: [NetworkPolicy] = [],
        unreadablePolicies: [UnreadableObject] = [], admins: [AdminNetworkPolicy] = [],
        unreadableAdmins: [UnreadableObject] = [], zones: [Zone] = [], subnets: Bool = true, mode: String? = nil,
        ids: [String: UInt32] = [:], services: [Service] = [], slices: [EndpointSlice] = [],
        externalIPs: [ExternalIPPolicy] = []
    ) async {
        let names = Set(ids.keys).union(["shop"]).sorted()
        await agent.receive(.replaced(names.map { Namespace(metadata: ObjectMeta(name: $0)) }))
        await agent.receive(.replaced(ids.map { NetNamespace(netname: $0.key, netid: $0.value) }))
        await agent.receive(
            .replaced([Node(metadata: ObjectMeta(name: "one")), Node(metadata: ObjectMeta(name: "two"))]))
        await agent.receive(
            .replaced([
                ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)], pluginName: mode)
            ]))
        let hosts = [
            HostSubnet(host: "one", hostIPs: ["192.168.7.1"], subnets: ["10.128.1.0/24"]),
            HostSubnet(host: "two", hostIPs: ["192.168.7.2"], subnets: ["10.128.2.0/24"]),
        ]
        await agent.receive(.replaced(subnets ? hosts : []))
        await agent.receive(.replaced(pods))
        await agent.receive(.replaced(admins, unreadable: unreadableAdmins))
        await agent.receive(.replaced([BaselineAdminNetworkPolicy]()))
        await agent.receive(.replaced([ClusterNetworkPolicy]()))
        await agent.receive(.replaced([EgressFirewall]()))
        await agent.receive(.replaced([EgressNetworkPolicy]()))
        await agent.receive(.replaced([MetadataAccess]()))
        await agent.receive(.replaced([EgressIP]()))
        await agent.receive(.replaced([EgressNode]()))
        await agent.receive(.replaced(zones))
        await agent.receive(.replaced(services))
        await agent.receive(.replaced(slices))
        await agent.receive(.replaced(externalIPs))
        // Last, so that the first rules are made as soon as the policies are known.
        await agent.receive(.replaced(policies, unreadable: unreadablePolicies))
    }

    /// Runs an agent while `body` works with it.
    static func withAgent<Result: Sendable>(
        _ kernel: some DatapathKernel, configuration: AgentConfiguration = configuration,
        names: (any NameExchange)? = nil, _ body: (NodeAgent) async throws -> Result
    ) async throws -> Result {
        let agent = NodeAgent(configuration: configuration, kernel: kernel, logger: logger, names: names)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await agent.run() }
            let result = try await body(agent)
            group.cancelAll()
            return result
        }
    }
}
