import ClusterAPI
import InstallationModel
import NetworkTypes

/// What runs on every node.
struct NodeWorkloads: Sendable {
    static let agentMetrics = 9471
    static let namesMetrics = 9154
    static let egressMetrics = 9155
    static let failoverMetrics = 9156
    /// Inside of containers, where the node's folders for plugins are.
    private static let hostPrograms = "/host/cni/bin"
    private static let hostConfiguration = "/host/cni/net.d"

    let configuration: InstallationConfiguration

    var manifests: [Manifest] {
        var result = [agent]
        if configuration.components.contains(.names) { result.append(names) }
        if configuration.components.contains(.egress) { result.append(egress) }
        if configuration.components.contains(.failover), let failover = configuration.failover {
            result.append(pods(of: failover))
        }
        return result
    }

    private var runFolder: (volume: String, path: String) { ("run", "/run/gabion") }

    private var pluginFolders: [(volume: String, path: String)] {
        [("cni-programs", configuration.plugin.programs), ("cni-configuration", configuration.plugin.configuration)]
    }

    private func plugin(_ verb: String, _ name: String) -> ContainerSpec {
        var container = ContainerSpec(
            name,
            [
                "gabion", "cni", verb, "--programs", Self.hostPrograms, "--configuration", Self.hostConfiguration,
            ])
        // The node's folders are root's.
        container.power = .capabilities([])
        container.mounts = [
            VolumeMount("cni-programs", Self.hostPrograms), VolumeMount("cni-configuration", Self.hostConfiguration),
        ]
        return container
    }

    private var agent: Manifest {
        var command = [
            "gabion", "agent", "--node", "$(NODE_NAME)", "--metrics-listen", "127.0.0.1:\(Self.agentMetrics)",
        ]
        let network = configuration.network
        if let interface = network.underlayInterface { command += ["--underlay-interface", interface] }
        if !network.nodePortAddresses.isEmpty {
            command += [
                "--node-port-addresses", network.nodePortAddresses.map(\.description).joined(separator: ","),
            ]
        }
        for server in configuration.names.servers { command += ["--name-server", server.description] }
        command += ["--cluster-zone", configuration.names.zone]
        var container = ContainerSpec("agent", command)
        // It writes kernel settings of the node and of pods, which all other containers have read-only.
        container.power = .privileged
        container.environment = [PodEnvironment.nodeName] + PodEnvironment.apiServer(configuration)
        container.mounts = [
            VolumeMount("run", runFolder.path), VolumeMount("state", "/var/lib/gabion-agent"),
            VolumeMount("namespaces", "/run/netns", followsNode: true),
        ]
        // As kubelet sees it: whether the next pod would be attached.
        container.readiness = .command(["gabion", "cni", "ready"])
        container.requests = (100, 128)
        var pods = PodSpec("gabion-agent", [container])
        pods.account = "gabion-agent"
        pods.setUp = [plugin("install", "plugin")]
        pods.folders =
            [runFolder, ("state", "/var/lib/gabion-agent"), ("namespaces", "/run/netns")] + pluginFolders
        return pods.daemonSet(
            configuration, in: configuration.namespace,
            comment: ["The network of each node. While a pod of it is away, the kernel keeps enforcing."])
    }

    private var names: Manifest {
        var container = ContainerSpec(
            "names", ["gabion", "names", "--metrics-listen", "127.0.0.1:\(Self.namesMetrics)"])
        // Kernel settings of its device, again.
        container.power = .privileged
        container.mounts = [VolumeMount("run", runFolder.path), VolumeMount("tun", "/dev/net/tun")]
        // Its /ready waits for a policy that mentions a name, as egress' waits for an address to hold.
        container.readiness = .http(path: "/metrics", port: Self.namesMetrics, host: "127.0.0.1")
        container.requests = (20, 64)
        var pods = PodSpec("gabion-names", [container])
        pods.folders = [runFolder]
        pods.devices = [("tun", "/dev/net/tun")]
        return pods.daemonSet(
            configuration, in: configuration.namespace,
            comment: ["The addresses of names that policies mention; it does not ask the API."])
    }

    private var egress: Manifest {
        var container = ContainerSpec(
            "egress",
            ["gabion", "egress", "--node", "$(NODE_NAME)", "--metrics-listen", "127.0.0.1:\(Self.egressMetrics)"])
        container.power = .capabilities(["NET_ADMIN", "NET_RAW"])
        container.environment = [PodEnvironment.nodeName] + PodEnvironment.apiServer(configuration)
        container.mounts = [VolumeMount("run", "/run/gabion-egress")]
        container.readiness = .http(path: "/metrics", port: Self.egressMetrics, host: "127.0.0.1")
        container.requests = (20, 64)
        var pods = PodSpec("gabion-egress", [container])
        pods.account = "gabion-egress"
        pods.folders = [("run", "/run/gabion-egress")]
        return pods.daemonSet(
            configuration, in: configuration.namespace,
            comment: ["Egress addresses. A pod of it that ends gives them to other nodes."])
    }

    private func pods(of failover: InstallationConfiguration.Failover) -> Manifest {
        var container = ContainerSpec(
            "failover",
            ["gabion", "failover", "--node", "$(NODE_NAME)", "--metrics-listen", "127.0.0.1:\(Self.failoverMetrics)"])
        container.image = failover.image
        // Addresses and rules, VRRP, and keepalived before others where the node is busy.
        container.power = .capabilities(["NET_ADMIN", "NET_RAW", "SYS_NICE"])
        container.environment = [PodEnvironment.nodeName] + PodEnvironment.apiServer(configuration)
        container.mounts = [VolumeMount("run", "/run/gabion-failover")]
        container.readiness = .http(path: "/ready", port: Self.failoverMetrics, host: "127.0.0.1")
        container.requests = (20, 64)
        var pods = PodSpec("gabion-failover", [container])
        pods.account = "gabion-failover"
        pods.maxUnavailable = failover.maxUnavailable
        pods.folders = [("run", "/run/gabion-failover")]
        return pods.daemonSet(
            configuration, in: configuration.namespace,
            comment: ["Addresses of FailoverGroups. A pod of it that ends gives them to other nodes."])
    }

    /// Takes everything of ours off the nodes, once all the others are gone; ready when that is done.
    var cleanup: Manifest {
        // The folders above ours, for ours go with what is in them.
        let mounts = [VolumeMount("run", "/run", followsNode: true), VolumeMount("state", "/var/lib")]
        let steps = ["failover", "egress", "names", "agent"].map { verb in
            var step = ContainerSpec(verb, ["gabion", verb, "--cleanup"])
            step.power = .privileged
            step.mounts = mounts
            return step
        }
        // From then on kubelet asks for no more pods.
        let first = plugin("remove", "plugin")
        var pods = PodSpec("gabion-cleanup", [ContainerSpec("done", ["sleep", "infinity"])])
        pods.setUp = [first] + steps
        pods.gracePeriod = 0
        pods.folders = [("run", "/run"), ("state", "/var/lib")] + pluginFolders
        return pods.daemonSet(configuration, in: configuration.namespace, comment: [])
    }
}

/// What pods are told about where they are.
enum PodEnvironment {
    static let nodeName = field("NODE_NAME", "spec.nodeName")
    static let podName = field("POD_NAME", "metadata.name")

    private static func field(_ name: String, _ path: String) -> JSONValue {
        ["name": .string(name), "valueFrom": ["fieldRef": ["apiVersion": "v1", "fieldPath": .string(path)]]]
    }

    /// The control plane itself: the service `kubernetes` is there once agents run, which ask for it themselves.
    static func apiServer(_ configuration: InstallationConfiguration) -> [JSONValue] {
        [
            ["name": "KUBERNETES_SERVICE_HOST", "value": .string(configuration.apiServer.host)],
            ["name": "KUBERNETES_SERVICE_PORT", "value": .string("\(configuration.apiServer.port)")],
        ]
    }
}
