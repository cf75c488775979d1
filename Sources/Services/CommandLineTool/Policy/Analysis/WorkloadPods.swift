import ClusterAPI
import FoundationEssentials
import ManifestFiles

/// The pods that workloads of a repository will have: one for each template, by the workload's name.
///
/// A template whose pods are among the manifests themselves stands for nothing more.
enum WorkloadPods {
    private static let kinds: [String: [String]] = [
        "Deployment": ["apps/v1"], "StatefulSet": ["apps/v1"], "DaemonSet": ["apps/v1"], "ReplicaSet": ["apps/v1"],
        "ReplicationController": ["v1"], "Job": ["batch/v1"], "CronJob": ["batch/v1"],
    ]

    static func pods(in objects: [ManifestObject], besides known: [Pod]) -> [Pod] {
        var pods: [Pod] = []
        for object in objects where kinds[object.kind]?.contains(object.apiVersion) ?? false {
            guard let pod = pod(of: object) else { continue }
            let isThere = (known + pods).contains { other in
                other.key.namespace == pod.key.namespace
                    && (other.key == pod.key || pod.labels.allSatisfy { other.labels[$0.key] == $0.value })
            }
            if !isThere { pods.append(pod) }
        }
        return pods
    }

    /// Nil for a template that is no pod: what is wrong with it is not a policy's business.
    private static func pod(of object: ManifestObject) -> Pod? {
        let spec = object.value["spec"]
        let template = object.kind == "CronJob" ? spec?["jobTemplate"]?["spec"]?["template"] : spec?["template"]
        guard let template, let data = try? JSONEncoder().encode(withMetadata(template)),
            var pod = try? JSONDecoder().decode(Pod.self, from: data)
        else { return nil }
        pod.metadata.name = object.key.name
        pod.metadata.namespace = object.key.namespace.isEmpty ? "default" : object.key.namespace
        return pod
    }

    private static func withMetadata(_ template: JSONValue) -> JSONValue {
        guard case .object(var members) = template else { return template }
        members["metadata"] = members["metadata"] ?? .object([:])
        return .object(members)
    }
}
