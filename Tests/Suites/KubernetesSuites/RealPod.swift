import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// A pod that runs, and where its network is.
struct RealPod: Sendable {
    let pod: Pod
    let address: IPAddress
    /// Of a process in it, as this machine counts.
    let network: NamespaceReference

    var name: String { pod.key.name }
    var node: String { pod.spec?.nodeName ?? "" }

    /// Ports of every pod: one tells the pod's name over HTTP, the other says again what it hears.
    static let http: UInt16 = 8080
    static let echo: UInt16 = 9000

    /// Servers of busybox: nothing of ours is in a container.
    private static let command =
        "nc -ll -p \(echo) -e cat & hostname > /tmp/index.html; httpd -p \(http) -h /tmp;"
        + " trap 'exit 0' TERM; while :; do sleep 1; done"

    /// What is sent to the API for one; `node` leaves nothing to the scheduler but to say so.
    static func manifest(
        _ name: String, in namespace: String, node: String? = nil, labels: [String: String] = [:],
        container: [String: JSONValue] = [:], spec more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let labels = labels.merging(["app": name]) { given, _ in given }
        // Where a probe is the test's own, it brings it.
        let base: [String: JSONValue] = [
            "readinessProbe": ["httpGet": ["path": "/", "port": "http"], "periodSeconds": 1], "name": "main",
            "image": "gabion.io/suite/busybox:1", "imagePullPolicy": "Never",
            "command": ["sh", "-c", .string(command)],
            "ports": [
                ["name": "http", "containerPort": .int(Int64(http))],
                ["name": "echo", "containerPort": .int(Int64(echo))],
            ],
        ]
        var spec: [String: JSONValue] = [
            "containers": [.object(base.merging(container) { _, new in new })], "terminationGracePeriodSeconds": 2,
            "automountServiceAccountToken": false, "enableServiceLinks": false,
        ]
        if let node { spec["nodeSelector"] = ["kubernetes.io/hostname": .string(node)] }
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "labels": .object(labels.mapValues(JSONValue.string)),
            ],
            "spec": .object(spec.merging(more) { _, new in new }),
        ]
    }
}

extension RealCluster {
    /// Makes pods and waits until all are ready.
    func run(_ manifests: [JSONValue], within limit: Duration = .seconds(60)) async throws -> [String: RealPod] {
        for manifest in manifests { try await create(manifest) }
        guard let namespace = manifests.first?["metadata"]?["namespace"]?.string else { return [:] }
        return try await pods(
            manifests.compactMap { $0["metadata"]?["name"]?.string }, in: namespace, within: limit)
    }

    /// These pods, when all of them are ready.
    func pods(
        _ names: [String], in namespace: String, within limit: Duration = .seconds(60)
    ) async throws -> [String: RealPod] {
        var found: [String: RealPod] = [:]
        try await eventually("\(names.count) pods of \(namespace) are ready", within: limit) {
            for pod in try await client.list(Pod.self, in: namespace).items
            where names.contains(pod.key.name) && found[pod.key.name] == nil && pod.isReady {
                guard let address = pod.addressTexts.first.flatMap({ IPAddress($0) }) else { continue }
                found[pod.key.name] = RealPod(
                    pod: pod, address: address, network: try await network(of: pod))
            }
            return found.count == names.count
        }
        return found
    }

    /// The pod's network, by a process of its container: the kernel tells who is in a cgroup by the asker's numbers.
    private func network(of pod: Pod) async throws -> NamespaceReference {
        let object = try await client.get(Pod.resource, pod.key.name, in: pod.key.namespace)
        guard let id = object["status"]?["containerStatuses"]?.array?.first?["containerID"]?.string,
            let digest = id.split(separator: "/").last
        else { throw SuiteFailure(description: "\(pod.key) has no container") }
        let files = try TestProgram.run(
            "/bin/sh",
            // It complains of groups that go while it looks.
            ["-c", #"find /sys/fs/cgroup -path "*$0/cgroup.procs" 2> /dev/null || true"#, String(digest)],
            timeout: .seconds(20))
        for file in files.split(separator: "\n") {
            let pids = try String(contentsOfFile: String(file), encoding: .utf8).split(separator: "\n")
            if let pid = pids.first.flatMap({ Int32($0) }) { return .process(pid) }
        }
        throw SuiteFailure(description: "no process of \(pod.key) is in a cgroup of its container \(digest)")
    }
}

extension Pod {
    var isReady: Bool {
        status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" } ?? false
    }
}
