import CNISpec
import ClusterAPI
import FoundationEssentials
import LinuxSystem
import NetworkTypes
import ToolRunner

/// Calls the real CNI plugin as a container runtime does: environment, configuration on standard input, JSON answer.
struct PluginCall: Sendable {
    let directory: LabDirectory
    let plugin: String
    let tools = ToolRunner()

    /// ADD; returns the pod's addresses.
    func add(_ pod: PodRecord) async throws -> [IPAddress] {
        let output = try await run(.add, on: pod.node, pod)
        let result = try JSONDecoder().decode(CNIResult.self, from: Data(output))
        return (result.ips ?? []).compactMap { IPAddress($0.address.prefix { $0 != "/" }) }
    }

    func delete(_ pod: PodRecord) async throws { _ = try await run(.del, on: pod.node, pod) }

    /// True when the node's agent says that it can attach pods.
    func isReady(node: String) async -> Bool {
        guard FileManager.default.fileExists(atPath: directory.agentSocket(node)) else { return false }
        return (try? await run(.status, on: node, nil)) != nil
    }

    /// The network configuration that a node's runtime would have in `/etc/cni/net.d`, with what it adds for a pod.
    private func configuration(_ node: String, _ pod: PodRecord?) throws -> [UInt8] {
        let configuration = NetworkConfiguration(
            .v1_1_0, name: "gabion", type: "gabion-cni", socket: directory.agentSocket(node),
            runtimeConfig: .init(portMappings: pod?.portMappings, bandwidth: pod?.bandwidth))
        return Array(try JSONEncoder().encode(configuration))
    }

    private func run(_ command: Command, on node: String, _ pod: PodRecord?) async throws -> [UInt8] {
        var variables = ["CNI_COMMAND=\(command.rawValue)", "CNI_PATH=\(plugin.dropLast("/gabion-cni".count))"]
        if let pod {
            let path = NetworkNamespace.path(of: pod.namespace)
            variables += [
                "CNI_CONTAINERID=\(pod.containerID)", "CNI_NETNS=\(path)", "CNI_IFNAME=eth0",
                "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=\(pod.key.namespace);K8S_POD_NAME=\(pod.key.name)"
                    + ";K8S_POD_INFRA_CONTAINER_ID=\(pod.containerID);K8S_POD_UID=\(pod.uid)",
            ]
        }
        // A plugin reports failures on standard output, with an exit code that must not hide them.
        let output = try await tools.run(
            "env", variables + ["sh", "-c", #""$0" || true"#, plugin], input: try configuration(node, pod),
            in: .named(directory.name.nodeNamespace(node)), deadline: .seconds(30))
        if let failure = try? JSONDecoder().decode(Failure.self, from: Data(output.standardOutput)) {
            let details = failure.details.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
            throw LabError("CNI \(command.rawValue) on \(node): \(failure.msg)\(details)")
        }
        return output.standardOutput
    }

    private struct Failure: Decodable {
        let code: Int
        let msg: String
        let details: String?
    }
}
