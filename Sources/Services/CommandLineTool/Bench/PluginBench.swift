import ClusterAPI
import FoundationEssentials
import Lab
import LinuxSystem
import NetworkTypes
import ToolRunner

/// CNI ADD from the start of the plugin to its end, rules confirmed in the kernel, on a node that has pods already.
struct PluginBench {
    let lab: Lab
    let rounds: Int

    private static let namespace = "plugin"

    /// The lab's own kubelet is held still meanwhile: the benchmark is the container runtime.
    func run() async throws -> [BenchMeasure] {
        let supervisor = try ProcessHandle(pid: try lab.state().supervisor)
        try supervisor.send(.stop)
        defer { try? supervisor.send(.proceed) }
        var times: [Double] = []
        for number in 0..<rounds { times.append(try await once("p\(number)")) }
        return [
            .figure("CNI ADD, p50", times.median, "ms", below: 50),
            .figure("CNI ADD, p99", times.percentile(0.99), "ms"),
        ]
    }

    private func once(_ name: String) async throws -> Double {
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "spec": ["nodeName": "node-1", "containers": [["name": "c"]]],
        ]
        try await lab.apply([pod])
        // A kubelet has known the pod for a while when it calls the plugin.
        try await Task.sleep(for: .milliseconds(30))
        let own = "gbench-cni-\(name)"
        try NetworkNamespace.create(named: own)
        let start = ContinuousClock.now
        let added = try await call("ADD", name, own)
        let elapsed = start.duration(to: .now).milliseconds
        _ = try await call("DEL", name, own)
        try NetworkNamespace.delete(named: own)
        try await lab.delete([pod])
        guard added.contains("\"ips\"") else { throw CommandFailure("CNI ADD failed in the benchmark: \(added)") }
        return elapsed
    }

    private func call(_ command: String, _ name: String, _ own: String) async throws -> String {
        let socket = lab.directory.agentSocket("node-1")
        let configuration = #"{"cniVersion":"1.1.0","name":"gabion","type":"gabion-cni","socket":"\#(socket)"}"#
        let output = try await ToolRunner().run(
            "env",
            [
                "CNI_COMMAND=\(command)", "CNI_CONTAINERID=\(own)", "CNI_NETNS=\(NetworkNamespace.path(of: own))",
                "CNI_IFNAME=eth0", "CNI_ARGS=K8S_POD_NAMESPACE=\(Self.namespace);K8S_POD_NAME=\(name)",
                try LabBinaries().plugin,
            ], input: Array(configuration.utf8))
        return String(decoding: output.standardOutput, as: UTF8.self)
    }
}
