import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

/// The cluster that `Suites/kubernetes/up` has brought up: Kubernetes' own programs on three nodes, and Gabion.
///
/// All suites share it, so each leaves it as it was: its objects are in namespaces of its own that go with it.
struct RealCluster: Sendable {
    /// Each with its own kernel state, containerd and kubelet.
    static let nodes = ["node-a", "node-b", "node-c"]
    /// No machine of the cluster, behind the nodes' default route.
    static let outside = "outside"
    /// Hosts there with web servers, `partner.example` and `stranger.example`; `/cgi-bin/source` says who asks.
    static let partner = IPAddress(v4: 0xCB00_710A)
    static let strangerHost = IPAddress(v4: 0xCB00_7114)

    static let state =
        "/run/gabion-kubernetes/" + (Environment.value(of: "GABION_KUBERNETES_CLUSTER") ?? "suite")
    private static let kubeconfig = state + "/kubeconfigs/admin"
    private static let kubectl =
        (Environment.value(of: "GABION_TEST_CACHE") ?? "/var/cache/gabion-tests") + "/kubectl-debian"
    static let scripts =
        (#filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()) + "/Suites/kubernetes"

    let client: KubernetesClient

    /// Runs `body` with the cluster, and waits first until it is at peace.
    static func with<Result>(_ body: (RealCluster) async throws -> Result) async throws -> Result {
        guard FileManager.default.fileExists(atPath: kubeconfig) else {
            throw SuiteFailure(description: "there is no cluster: use `make test-kubernetes`, or \(scripts)/up")
        }
        var logger = Logger(label: "suite")
        logger.logLevel = .error
        return try await KubernetesClient.withClient(try .load(kubeconfig: kubeconfig), logger: logger) { client in
            let cluster = RealCluster(client: client)
            try await eventually("all nodes are ready", within: .seconds(60)) { try await cluster.areReady(nodes) }
            return try await body(cluster)
        }
    }

    /// A namespace for one test; it and what is in it go afterwards.
    func withNamespace<Result>(
        labels: [String: String] = [:], _ body: (_ namespace: String) async throws -> Result
    ) async throws -> Result {
        let name = "suite-" + UniqueName.next()
        try await create([
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(name), "labels": .object(labels.mapValues(JSONValue.string))],
        ])
        try await eventually("the namespace has its service account", within: .seconds(20)) {
            (try? await client.get(try await client.resource(named: "serviceaccounts").type, "default", in: name))
                != nil
        }
        let result: Result
        do {
            result = try await body(name)
        } catch {
            try? await client.delete(Namespace.self, name)
            throw error
        }
        // Nobody waits: a kubelet of this age takes half a minute to say of a pod that is gone that it is.
        try await client.delete(Namespace.self, name)
        return result
    }

    func create(_ object: JSONValue) async throws { _ = try await client.create(object) }

    func areReady(_ names: [String]) async throws -> Bool {
        let present = try await client.list(ClusterAPI.Node.self).items
        return names.allSatisfy { name in
            present.first { $0.key.name == name }?.status?.conditions?
                .contains { $0.type == "Ready" && $0.status == "True" } ?? false
        }
    }

    /// What happens to the machines: see `Suites/kubernetes/machine`.
    @discardableResult
    func machine(_ arguments: String..., deadline: Duration = .seconds(60)) async throws -> String {
        let output = try await ToolRunner().run(
            "/usr/bin/env", ["bash", Self.scripts + "/machine"] + arguments,
            environment: ProcessInfo.processInfo.environment, deadline: deadline)
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    /// What a program in a pod's container prints, by way of API server, kubelet and containerd.
    func execute(_ command: [String], in pod: RealPod) async throws -> String {
        try await kubectl(["exec", "-n", pod.pod.key.namespace, pod.name, "--"] + command)
    }

    /// The programs that the cluster runs, as its administrator uses them.
    @discardableResult
    func gabion(_ arguments: String..., deadline: Duration = .seconds(280)) async throws -> String {
        let programs = try String(contentsOfFile: Self.state + "/programs", encoding: .utf8).filter { $0 != "\n" }
        let output = try await ToolRunner().run(
            programs + "/gabion", arguments + ["--kubeconfig", Self.kubeconfig], deadline: deadline)
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    @discardableResult
    func kubectl(_ arguments: String...) async throws -> String { try await kubectl(arguments) }

    private func kubectl(_ arguments: [String]) async throws -> String {
        let output = try await ToolRunner().run(
            Self.kubectl, ["--kubeconfig", Self.kubeconfig, "--cache-dir", Self.state + "/kubectl"] + arguments,
            // A drain waits until kubelet has swept up after the pod, which it does once a minute.
            deadline: .seconds(150))
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    /// The attachments that the agent of a node remembers.
    func ledger(_ node: String) throws -> [JSONValue] {
        guard case .process(let pid) = try network(of: node) else { return [] }
        let data = try Data(contentsOf: URL(filePath: "/proc/\(pid)/root/var/lib/gabion-agent/attachments.json"))
        return try JSONDecoder().decode(JSONValue.self, from: data)["records"]?.array ?? []
    }

    /// The end of a program's log, for people who look for the cause of a failure.
    func log(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(Self.state)/log/\(name)")), as: UTF8.self)
    }

    /// The network of a machine.
    func network(of machine: String) throws -> NamespaceReference {
        let text = try String(contentsOfFile: "\(Self.state)/machines/\(machine)/pid", encoding: .utf8)
        guard let pid = Int32(text.filter(\.isNumber)) else {
            throw SuiteFailure(description: "\(machine) has no first process")
        }
        return .process(pid)
    }

    /// The address of a machine in the underlay.
    func address(of machine: String) throws -> IPAddress {
        let output = try TestProgram.run(
            "/usr/sbin/ip", ["-o", "-4", "addr", "show", "dev", "eth0"], in: try network(of: machine))
        let words = output.split(separator: " ")
        guard let text = words.first(where: { $0.contains("/") })?.split(separator: "/").first,
            let address = IPAddress(String(text))
        else { throw SuiteFailure(description: "\(machine) has no address: \(output)") }
        return address
    }
}

struct SuiteFailure: Error, CustomStringConvertible {
    let description: String
}
