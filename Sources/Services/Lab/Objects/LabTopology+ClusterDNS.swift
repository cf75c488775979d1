import ClusterAPI
import NetworkTypes

extension LabTopology {
    private static let dnsLabels: JSONValue = ["k8s-app": "kube-dns"]

    /// The address at which pods ask for names: the tenth of each range of services, as is usual; empty without servers.
    var dnsAddresses: [IPAddress] {
        guard clusterDNS != nil else { return [] }
        return serviceNetwork.split(separator: ",").compactMap { CIDR($0)?.address.advanced(by: 10) }
    }

    /// The Service `kube-system/kube-dns` and its pods, one for each node; empty without servers.
    func dnsObjects(_ binaries: LabBinaries, _ directory: LabDirectory) -> [JSONValue] {
        guard let clusterDNS else { return [] }
        let asked = clusterDNS.upstreams.isEmpty ? ["none"] : clusterDNS.upstreams.map(\.description)
        let command =
            [binaries.gabion, "dns", "--kubeconfig", directory.dnsKubeconfig] + asked.flatMap { ["--upstream", $0] }
        return [dnsService] + nodes.map { dnsPod(on: $0.name, command) }
    }

    private var dnsService: JSONValue {
        let addresses = dnsAddresses.map { JSONValue.string($0.description) }
        let families = dnsAddresses.map { JSONValue.string("IP\($0.family)") }
        return [
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": "kube-dns", "namespace": "kube-system", "labels": Self.dnsLabels],
            "spec": [
                "selector": Self.dnsLabels, "clusterIP": addresses.first ?? "None", "clusterIPs": .array(addresses),
                "ipFamilies": .array(families),
                "ipFamilyPolicy": addresses.count > 1 ? "RequireDualStack" : "SingleStack",
                // The node's own, as long as it is there.
                "trafficDistribution": "PreferSameNode",
                "ports": [
                    ["name": "dns", "port": 53, "protocol": "UDP"], ["name": "dns-tcp", "port": 53, "protocol": "TCP"],
                ],
            ],
        ]
    }

    private func dnsPod(on node: String, _ command: [String]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string("dns-" + node), "namespace": "kube-system", "labels": Self.dnsLabels,
            ],
            "spec": [
                "nodeName": .string(node), "dnsPolicy": "Default",
                "containers": [
                    [
                        "name": "dns", "image": "gabion.io/lab", "command": .array(command.map(JSONValue.string)),
                        "ports": [
                            ["name": "dns", "containerPort": 53, "protocol": "UDP"],
                            ["name": "dns-tcp", "containerPort": 53, "protocol": "TCP"],
                        ],
                        "readinessProbe": ["tcpSocket": ["port": 53]],
                    ]
                ],
            ],
        ]
    }
}
