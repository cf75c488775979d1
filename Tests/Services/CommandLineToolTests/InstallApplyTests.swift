import ClusterAPI
import InstallationCompiler
import KubernetesClient
import Synchronization
import Testing

@testable import CommandLineTool

/// Against the embedded server, which has no workloads and no RBAC: everything else of an installation.
@Suite("applying and removing an installation")
struct InstallApplyTests {
    private static let kinds: Set<String> = ["Namespace", "ServiceAccount", "ConfigMap", "ClusterNetwork"]

    private static func parts(
        _ change: (inout JSONValue) -> Void = { _ in }
    ) throws -> [(part: InstallationPart, manifests: [Manifest])] {
        let manifests = try InstallManifestTests.manifests(change)
        return InstallationPart.allCases.map { part in
            (part, manifests.manifests(part).filter { kinds.contains($0.kind) })
        }
    }

    /// Applies as the verb does, and says what became of what.
    private static func apply(
        _ client: KubernetesClient, isForced: Bool = false, _ change: (inout JSONValue) -> Void = { _ in }
    ) async throws -> [String: Installer.Action] {
        let report = InstallReport()
        let installer = Installer(
            client: client, parts: try parts(change), isForced: isForced, tell: { report.add($0, $1) },
            progress: { _ in })
        try await installer.survey()
        try await installer.apply()
        try await installer.prune()
        return Dictionary(uniqueKeysWithValues: report.actions.map { ($0.title, $0.action) })
    }

    @Test("the first time everything is created, the second time everything is unchanged")
    func twice() async throws {
        try await ApplyServer.with { client, _ in
            let first = try await Self.apply(client)
            #expect(first.count == 7)
            #expect(Set(first.values) == [.created], "\(first)")
            let second = try await Self.apply(client)
            #expect(second.keys == first.keys)
            #expect(Set(second.values) == [.unchanged], "\(second)")
        }
    }

    @Test("a change changes what it is about, and what is left out goes; what others made stays")
    func change() async throws {
        try await ApplyServer.with { client, _ in
            _ = try await Self.apply(client)
            try await client.create([
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": "somebody", "namespace": "gabion-system"],
            ])
            let actions = try await Self.apply(client) { document in
                document["network"]?["mtu"] = 1400
                document["components"] = ["names", "egress"]
                document["dns"] = nil
            }
            let different = actions.filter { $0.value != .unchanged }
            #expect(
                different == [
                    "ClusterNetwork default": .changed, "ConfigMap gabion-system/gabion-installation": .changed,
                    "ServiceAccount kube-system/gabion-dns": .removed,
                ], "\(different)")
            #expect(try await client.get(ClusterNetwork.self, "default").mtu == 1400)
            let account = try await client.resource(apiVersion: "v1", kind: "ServiceAccount")
            _ = try await client.get(account, "somebody", in: "gabion-system")
        }
    }

    @Test("what others have set is told and stays, and nothing is changed; unless it is to be taken over")
    func conflict() async throws {
        try await ApplyServer.with { client, _ in
            _ = try await Self.apply(client)
            try await client.apply(
                [
                    "apiVersion": "network.openshift.io/v1", "kind": "ClusterNetwork", "metadata": ["name": "default"],
                    "mtu": 9000, "serviceNetwork": "10.96.0.0/16", "vxlanPort": 8472,
                ], as: "somebody", isForced: true)
            let error = await #expect(throws: CommandFailure.self) {
                _ = try await Self.apply(client) { $0["controller"] = ["replicas": 1] }
            }
            let failure = try #require(error as CommandFailure?)
            #expect(failure.cause.contains("ClusterNetwork default: .vxlanPort"), "\(failure)")
            #expect(failure.cause.contains("somebody"), "\(failure)")
            #expect(failure.remedy.contains("--force-conflicts"), "\(failure)")
            #expect(try await client.get(ClusterNetwork.self, "default").vxlanPort == 8472)
            let record = try await Self.record(client)
            #expect(record?.contains("\"replicas\":2") == true, "\(record ?? "")")
            _ = try await Self.apply(client, isForced: true)
            #expect(try await client.get(ClusterNetwork.self, "default").vxlanPort == 4789)
        }
    }

    @Test("ranges that nodes have subnets of are not taken away")
    func ranges() async throws {
        try await ApplyServer.with { client, _ in
            _ = try await Self.apply(client)
            try await NetworkGuard.check(try InstallManifestTests.manifests(), client)
            let more = try InstallManifestTests.manifests { document in
                document["network"]?["pods"] = [
                    ["cidr": "10.128.0.0/14", "hostSubnetLength": 9], ["cidr": "10.132.0.0/14"],
                ]
            }
            try await NetworkGuard.check(more, client)
            let other = try InstallManifestTests.manifests { document in
                document["network"]?["pods"] = [["cidr": "10.132.0.0/14"]]
            }
            let error = await #expect(throws: CommandFailure.self) { try await NetworkGuard.check(other, client) }
            #expect(error?.cause.contains("10.128.0.0/14 with hostSubnetLength 9") == true)
        }
    }

    @Test(
        "uninstalling leaves nothing but kinds and networks, and with --definitions not those",
        arguments: [false, true])
    func uninstall(definitions: Bool) async throws {
        try await ApplyServer.with { client, _ in
            _ = try await Self.apply(client)
            try await client.create([
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": "gabion-agent-n1", "namespace": "kube-system"],
            ])
            try await client.patch(
                Node.self, "n1",
                with: .strategic(["status": ["conditions": [["type": "GabionReady", "status": "True"]]]]),
                subresource: "status")
            var removal = Uninstaller(
                client: client, namespace: "gabion-system", patience: .seconds(20), tell: { _ in }, progress: { _ in })
            removal.cleansNodes = false
            removal.removesDefinitions = definitions
            try await removal.run()
            #expect(try await InstalledObjects.find(client) == [])
            #expect(try await client.existing(Namespace.resource, "gabion-system") == nil)
            #expect(try await client.list(Lease.self, in: "kube-system").items == [])
            let node = try await client.get(Node.resource, "n1")
            #expect(node["status"]?["conditions"]?.array?.isEmpty ?? true)
            let networks = try await client.list(ClusterNetwork.self).items.count
            #expect(networks == (definitions ? 0 : 1))
        }
    }

    private static func record(_ client: KubernetesClient) async throws -> String? {
        let maps = try await client.resource(apiVersion: "v1", kind: "ConfigMap")
        let object = try await client.get(maps, InstallationManifests.recordName, in: "gabion-system")
        return object["data"]?[InstallationManifests.recordKey]?.string
    }

    /// A status, whether that is ready, and how it is told.
    static let states: [(object: JSONValue, isReady: Bool, text: String)] = [
        (["kind": "DaemonSet", "metadata": ["generation": 1]], false, "new and ready on 0 of 0 nodes"),
        (
            [
                "kind": "DaemonSet", "metadata": ["generation": 2],
                "status": [
                    "observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 2,
                    "numberAvailable": 3,
                ],
            ], false, "new and ready on 2 of 3 nodes"
        ),
        (
            [
                "kind": "DaemonSet", "metadata": ["generation": 2],
                "status": [
                    "observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3,
                    "numberAvailable": 3,
                ],
            ], true, "ready on 3 nodes"
        ),
        (
            [
                "kind": "Deployment", "metadata": ["generation": 3], "spec": ["replicas": 2],
                "status": ["observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2],
            ], false, "0 of 2 pods are new and ready"
        ),
        (
            [
                "kind": "Deployment", "metadata": ["generation": 3], "spec": ["replicas": 2],
                "status": ["observedGeneration": 3, "replicas": 3, "updatedReplicas": 2, "availableReplicas": 3],
            ], false, "2 of 2 pods are new and ready"
        ),
        (
            [
                "kind": "Deployment", "metadata": ["generation": 3], "spec": ["replicas": 2],
                "status": ["observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2],
            ], true, "ready"
        ),
        (["kind": "CustomResourceDefinition"], false, "not established"),
        (
            [
                "kind": "CustomResourceDefinition",
                "status": ["conditions": [["type": "Established", "status": "True"]]],
            ], true, "established"
        ),
    ]

    @Test("ready is who has seen the change and has nothing of the old left", arguments: states.indices)
    func readiness(index: Int) {
        let readiness = WorkloadState(Self.states[index].object)
        #expect(readiness.isReady == Self.states[index].isReady)
        #expect(readiness.text == Self.states[index].text)
    }
}
