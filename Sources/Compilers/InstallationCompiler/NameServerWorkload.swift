import ClusterAPI
import InstallationModel
import NetworkTypes

/// The cluster's name server on each node, behind one service.
struct NameServerWorkload: Sendable {
    /// Where people's policies look for it.
    static let namespace = "kube-system"
    private static let labels: [String: JSONValue] = ["k8s-app": "kube-dns"]
    private static let metrics = 9153

    let configuration: InstallationConfiguration
    let server: InstallationConfiguration.NameServer

    init(_ configuration: InstallationConfiguration, _ server: InstallationConfiguration.NameServer) {
        self.configuration = configuration
        self.server = server
    }

    var manifests: [Manifest] { [service, pods] }

    private var service: Manifest {
        let ports: JSONValue = [
            ["name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53],
            ["name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53],
        ]
        return Manifest(
            Manifest.owned(
                "v1", "Service", "kube-dns", in: Self.namespace, labels: Self.labels,
                [
                    "spec": [
                        "clusterIP": .string(server.address.description), "ports": ports,
                        "selector": .object(Self.labels),
                    ]
                ]), comment: ["The name server that kubelets tell pods."])
    }

    private var pods: Manifest {
        var command = [
            "gabion", "dns", "--beside-kubernetes", "--zone", configuration.names.zone, "--metrics-listen",
            "\(server.address.family == .v6 ? "[::]" : "0.0.0.0"):\(Self.metrics)",
        ]
        for upstream in server.upstreams { command += ["--upstream", upstream.description] }
        var container = ContainerSpec("dns", command)
        container.power = .capabilities(["NET_BIND_SERVICE"])
        container.environment = PodEnvironment.apiServer(configuration)
        container.ports = [("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"), ("metrics", Self.metrics, "TCP")]
        container.readiness = .http(path: "/ready", port: Self.metrics, host: nil)
        container.requests = (50, 64)
        var pods = PodSpec("gabion-dns", [container])
        pods.account = "gabion-dns"
        pods.isOnHostNetwork = false
        pods.labels = Self.labels
        return pods.daemonSet(configuration, in: Self.namespace, comment: ["Names of services, on each node."])
    }
}
