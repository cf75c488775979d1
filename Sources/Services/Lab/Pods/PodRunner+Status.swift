import ClusterAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import NetworkTypes

extension PodRunner {
    /// Writes what the pod is to its status, as a kubelet does.
    func report(_ record: PodRecord, isReady: Bool) async throws {
        let addresses = record.addresses.map(\.description)
        let phase = record.endedAs ?? (isReady ? "Running" : "Pending")
        var status: JSONValue = [
            "phase": .string(phase), "startTime": .string(Self.now), "conditions": Self.conditions(isReady),
            "containerStatuses": .array(record.containers.map { Self.status(of: $0, endedAs: record.endedAs) }),
        ]
        if let address = addresses.first {
            status["podIP"] = .string(address)
            status["podIPs"] = .array(addresses.map { ["ip": .string($0)] })
        }
        if let host = topology.addresses(ofNode: record.node).first { status["hostIP"] = .string(host.description) }
        let notes = record.containers.compactMap(\.plan.note)
        if !notes.isEmpty { status["message"] = .string(notes.joined(separator: "; ")) }
        try await patch(record.key, status)
    }

    /// A pod that has ended before the lab began: a phase, and neither process nor address.
    func reportEnded(_ pod: Pod, as phase: String) async throws {
        try await patch(pod.key, ["phase": .string(phase), "conditions": Self.conditions(false)])
    }

    /// Why a pod is not up yet.
    func reportWaiting(_ pod: Pod, _ reason: String, _ message: String) async throws {
        let condition: JSONValue = [
            "type": "PodScheduled", "status": .string(reason == "Unschedulable" ? "False" : "True"),
            "reason": .string(reason), "message": .string(message),
        ]
        try await patch(
            pod.key,
            ["phase": "Pending", "reason": .string(reason), "message": .string(message), "conditions": [condition]])
    }

    func bind(_ pod: Pod, to node: String) async throws {
        try await client.bind(pod.key, to: node)
    }

    private func patch(_ key: ObjectKey, _ status: JSONValue) async throws {
        try await client.patch(
            Pod.self, key.name, in: key.namespace, with: .merge(["status": status]), subresource: "status")
    }

    private static func conditions(_ isReady: Bool) -> JSONValue {
        let text: JSONValue = isReady ? "True" : "False"
        let types: [(JSONValue, JSONValue)] = [
            ("PodScheduled", "True"), ("Initialized", "True"), ("ContainersReady", text), ("Ready", text),
        ]
        return .array(
            types.map { ["type": $0.0, "status": $0.1, "lastTransitionTime": .string(Self.now)] })
    }

    private static func status(of container: PodRecord.RunningContainer, endedAs phase: String?) -> JSONValue {
        let state: JSONValue =
            phase == nil
            ? ["running": ["startedAt": .string(now)]]
            : ["terminated": ["exitCode": phase == "Succeeded" ? 0 : 1, "finishedAt": .string(now)]]
        return [
            "name": .string(container.plan.name), "ready": .bool(phase == nil), "started": .bool(phase == nil),
            "restartCount": .int(Int64(container.restarts)), "image": "gabion.io/lab", "imageID": "",
            "containerID": .string("lab://\(container.process.pid)"), "state": state,
        ]
    }

    private static var now: String { Timestamp.now().seconds }
}
