import ClusterAPI
import ClusterController
import Foundation
import KubernetesClient
import Logging
import TestSupport
import Testing

/// Against the real API server.
@Suite struct ClusterControllerTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let quick = LeaseTiming(
        leaseSeconds: 4, renewDeadline: .seconds(3), retryPeriod: .milliseconds(100))

    private func withServer(_ body: @Sendable (KubernetesClient) async throws -> Void) async throws {
        let directory = RealServer.freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RealServer.run(directory) { kubeconfig in
            let found = try ClusterConfiguration.load(kubeconfig: kubeconfig)
            try await KubernetesClient.withClient(found, logger: Self.silent) { try await body($0) }
        }
    }

    private func controller(_ client: KubernetesClient, _ identity: String) -> ClusterController {
        ClusterController(client: client, identity: identity, timing: Self.quick, logger: Self.silent)
    }

    private func register(_ name: String, _ addresses: [String], _ client: KubernetesClient) async throws {
        try await client.create(Node(metadata: ObjectMeta(name: name)))
        try await setAddresses(name, addresses, client)
    }

    private func setAddresses(_ name: String, _ addresses: [String], _ client: KubernetesClient) async throws {
        let list = addresses.map { JSONValue.object(["type": "InternalIP", "address": .string($0)]) }
        let change: JSONValue = ["status": ["addresses": .array(list)]]
        try await client.patch(Node.self, name, with: .merge(change), subresource: "status")
    }

    @Test("nodes and namespaces of a real server get subnets and ids, and lose them when they go")
    func lifecycle() async throws {
        try await withServer { client in
            try await client.create(Given.network([("10.128.0.0/14", 9), ("fd01::/48", 64)]))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                try await register("a", ["192.168.7.1", "fd00::1"], client)
                let made = try await eventualAnswer { try await client.get(HostSubnet.self, "a") }
                #expect(made.allSubnets == ["10.128.0.0/23", "fd01::/64"])
                #expect(made.allHostIPs == ["192.168.7.1", "fd00::1"])
                let cidrs = try await eventualAnswer { try await client.get(Node.self, "a").spec?.podCIDRs }
                #expect(cidrs == ["10.128.0.0/23", "fd01::/64"])
                try await client.create(Given.namespace("shop"))
                let id = try await eventualAnswer { try await client.get(NetNamespace.self, "shop").netid }
                #expect(id >= 10)
                #expect(try await client.get(NetNamespace.self, "default").netid == 0)
                try await client.delete(Node.self, "a")
                try await eventually { try await client.list(HostSubnet.self).items.isEmpty }
                group.cancelAll()
            }
        }
    }

    private static func staged(_ name: String) -> StagedPolicy {
        let spec = NetworkPolicySpec(podSelector: LabelSelector())
        let wrapped = WrappedPolicy(metadata: ObjectMeta(name: "web"), content: .networkPolicy(spec))
        return StagedPolicy(name: name, namespace: "shop", spec: .init(policy: wrapped))
    }

    @Test("zones and staged policies of a real server get a status that says whether they hold as written")
    func statuses() async throws {
        try await withServer { client in
            try await client.create(Given.namespace("shop"))
            try await client.create(Self.staged("a"))
            try await client.create(Self.staged("b"))
            let selector = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "shop"])
            try await client.create(Zone(name: "app", spec: ZoneSpec(order: 1, namespaceSelector: selector)))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                func ready(_ name: String) async throws -> ObjectCondition? {
                    try await client.get(StagedPolicy.self, name, in: "shop").status?.conditions?.first
                }
                try await eventually { try await ready("a")?.status == "True" }
                try await eventually {
                    try await ready("b")?.message.contains("StagedPolicy shop/a stands for") == true
                }
                try await eventually { try await client.get(Zone.self, "app").status?.namespaces == 1 }
                // Written once: a status that says the same is not written again.
                let version = try await client.get(StagedPolicy.self, "a", in: "shop").metadata.resourceVersion
                try await client.delete(StagedPolicy.self, "b", in: "shop")
                try await client.create(Self.staged("c"))
                try await eventually { try await ready("c")?.status == "False" }
                #expect(try await client.get(StagedPolicy.self, "a", in: "shop").metadata.resourceVersion == version)
                group.cancelAll()
            }
        }
    }

    @Test("a refused node gets an Event that says why, and its subnet once its address is mended")
    func refusal() async throws {
        try await withServer { client in
            try await client.create(Given.network())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                try await register("a", ["10.128.0.7"], client)
                let event = try await eventualAnswer {
                    try await client.list(Event.self, in: "default").items.first { $0.reason == "NodeAddressConflict" }
                }
                #expect(event.message?.contains("10.128.0.7 lies in clusterNetworks[0] 10.128.0.0/14") == true)
                #expect(try await client.list(HostSubnet.self).items.isEmpty)
                try await setAddresses("a", ["192.168.7.1"], client)
                _ = try await eventualAnswer { try await client.get(HostSubnet.self, "a") }
                group.cancelAll()
            }
        }
    }

    @Test("a Node stops saying that its agent is ready when the agent no longer renews its Lease")
    func silentAgent() async throws {
        try await withServer { client in
            for name in ["alive", "dead"] {
                try await register(name, [], client)
                try await AgentLease(client: client, node: name).renew()
                let key = AgentLease.key(ofNode: name)
                try await client.patch(
                    Lease.self, key.name, in: key.namespace, with: .merge(["spec": ["leaseDurationSeconds": 1]]))
                let conditions: JSONValue = [
                    ["type": "GabionReady", "status": "True", "reason": "r", "message": "m"],
                    ["type": "Ready", "status": "True"],
                ]
                try await client.patch(
                    Node.self, name, with: .strategic(["status": ["conditions": conditions]]), subresource: "status")
            }
            func conditions(_ name: String) async throws -> [String: String] {
                let list = try await client.get(Node.self, name).status?.conditions ?? []
                return Dictionary(list.map { ($0.type, $0.status) }) { first, _ in first }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                group.addTask {
                    while !Task.isCancelled {
                        try await AgentLease(client: client, node: "alive").renew()
                        try await Task.sleep(for: .milliseconds(300))
                    }
                }
                try await eventually("the silent agent's Node says so", within: .seconds(40)) {
                    try await conditions("dead")
                        == ["GabionReady": "Unknown", "NetworkUnavailable": "Unknown", "Ready": "True"]
                }
                #expect(try await conditions("alive") == ["GabionReady": "True", "Ready": "True"])
                group.cancelAll()
            }
        }
    }

    @Test("a request on a NetNamespace of a real server is done in one write, and a refusal is an Event on it")
    func networkChange() async throws {
        let annotation = "pod.network.openshift.io/multitenant.change-network"
        try await withServer { client in
            var network = Given.network()
            network.pluginName = "redhat/openshift-ovs-multitenant"
            try await client.create(network)
            for name in ["red", "blue"] { try await client.create(Given.namespace(name)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                for name in ["red", "blue"] {
                    _ = try await eventualAnswer { try await client.get(NetNamespace.self, name) }
                }
                let joining = try await client.patch(
                    NetNamespace.self, "red",
                    with: .merge(["metadata": ["annotations": [annotation: "join:blue"]]]))
                let blue = try await client.get(NetNamespace.self, "blue").netid
                #expect(joining.netid != blue)
                let joined = try await eventualAnswer {
                    let now = try await client.get(NetNamespace.self, "red")
                    return now.metadata.annotations?[annotation] == nil ? now : nil
                }
                #expect(joined.netid == blue)
                try await client.patch(
                    NetNamespace.self, "default",
                    with: .merge(["metadata": ["annotations": [annotation: "isolate"]]]))
                let event = try await eventualAnswer {
                    try await client.list(Event.self, in: "default").items.first { $0.reason == "NetworkChangeRefused" }
                }
                #expect(event.message?.contains("'default' is there for every project") == true)
                #expect(event.involvedObject.kind == "NetNamespace" && event.involvedObject.name == "default")
                #expect(try await client.get(NetNamespace.self, "default").netid == 0)
                group.cancelAll()
            }
        }
    }

    @Test("of two controllers one acts, and the other takes over when it is gone")
    func takeover() async throws {
        try await withServer { client in
            try await client.create(Given.network())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "one").run() }
                let leader = try await eventualAnswer {
                    try await client.get(Lease.self, ClusterController.lease.name, in: "kube-system").spec?
                        .holderIdentity
                }
                #expect(leader == "one")
                group.cancelAll()
                try? await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await controller(client, "two").run() }
                try await register("a", ["192.168.7.1"], client)
                _ = try await eventualAnswer { try await client.get(HostSubnet.self, "a") }
                let lease = try await client.get(Lease.self, ClusterController.lease.name, in: "kube-system")
                #expect(lease.spec?.holderIdentity == "two")
                group.cancelAll()
            }
        }
    }
}
