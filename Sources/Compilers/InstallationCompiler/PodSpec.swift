import ClusterAPI
import InstallationModel

/// The pods of a workload of ours.
struct PodSpec: Sendable {
    let app: String
    var account: String?
    var priority = "system-node-critical"
    var isOnHostNetwork = true
    var gracePeriod = 30
    var setUp: [ContainerSpec] = []
    var containers: [ContainerSpec]
    /// Folders of the node by the names of volumes; they are made where they are missing.
    var folders: [(volume: String, path: String)] = []
    /// Files of the node that must be there.
    var devices: [(volume: String, path: String)] = []
    /// Replicas on different nodes, where that can be.
    var isSpread = false
    /// How many nodes at once may be without while they are changed; nil: as many as may be without agent.
    var maxUnavailable: String?
    var labels: [String: JSONValue] = [:]

    init(_ app: String, _ containers: [ContainerSpec]) {
        self.app = app
        self.containers = containers
    }

    var selector: [String: JSONValue] { labels.isEmpty ? ["app.kubernetes.io/name": .string(app)] : labels }

    func template(_ configuration: InstallationConfiguration) -> JSONValue {
        let show = { (container: ContainerSpec) in
            container.json(image: configuration.image, pullPolicy: configuration.pullPolicy.rawValue)
        }
        var spec: [String: JSONValue] = [
            "containers": .array(containers.map(show)), "nodeSelector": ["kubernetes.io/os": "linux"],
            "priorityClassName": .string(priority), "terminationGracePeriodSeconds": .int(Int64(gracePeriod)),
            // Not before nodes have a network, which we are, and also where nothing else may run.
            "tolerations": [["operator": "Exists"]],
            "automountServiceAccountToken": .bool(account != nil), "dnsPolicy": "Default",
            "securityContext": ["seccompProfile": ["type": "RuntimeDefault"]],
        ]
        if let account { spec["serviceAccountName"] = .string(account) }
        if isOnHostNetwork { spec["hostNetwork"] = true }
        if !setUp.isEmpty { spec["initContainers"] = .array(setUp.map(show)) }
        let volumes =
            folders.map { Self.volume($0.volume, $0.path, "DirectoryOrCreate") }
            + devices.map { Self.volume($0.volume, $0.path, "CharDevice") }
        if !volumes.isEmpty { spec["volumes"] = .array(volumes) }
        if isSpread { spec["affinity"] = spread }
        var all = selector
        all["app.kubernetes.io/name"] = .string(app)
        return ["metadata": ["labels": .object(all)], "spec": .object(spec)]
    }

    private var spread: JSONValue {
        [
            "podAntiAffinity": [
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    [
                        "podAffinityTerm": [
                            "labelSelector": ["matchLabels": .object(selector)],
                            "topologyKey": "kubernetes.io/hostname",
                        ], "weight": 100,
                    ]
                ]
            ]
        ]
    }

    private static func volume(_ name: String, _ path: String, _ type: String) -> JSONValue {
        ["name": .string(name), "hostPath": ["path": .string(path), "type": .string(type)]]
    }

    /// One pod on each node.
    func daemonSet(_ configuration: InstallationConfiguration, in namespace: String, comment: [String]) -> Manifest {
        let share = maxUnavailable ?? configuration.maxUnavailable
        let unavailable: JSONValue = Int64(share).map(JSONValue.int) ?? .string(share)
        return Manifest(
            Manifest.owned(
                "apps/v1", "DaemonSet", app, in: namespace, labels: ["app.kubernetes.io/name": .string(app)],
                [
                    "spec": [
                        "selector": ["matchLabels": .object(selector)], "template": template(configuration),
                        "updateStrategy": [
                            "rollingUpdate": ["maxUnavailable": unavailable], "type": "RollingUpdate",
                        ],
                    ]
                ]), comment: comment)
    }
}
