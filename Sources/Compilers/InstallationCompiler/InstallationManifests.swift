import APIMachinery
import AddressAllocation
package import ClusterAPI
package import InstallationModel
import NetworkTypes

/// Everything that an installation is made of, in the order in which it is put in place.
package struct InstallationManifests: Hashable, Sendable {
    package let configuration: InstallationConfiguration
    /// What the configuration was read from.
    private let document: JSONValue
    private let definitions: [Manifest]

    /// - Parameters:
    ///   - document: what the configuration was read from; it is kept in the cluster.
    ///   - definitions: the kinds that we bring: `InstallationFiles.definitions`.
    package init(_ configuration: InstallationConfiguration, document: JSONValue, definitions: [JSONValue]) {
        self.configuration = configuration
        self.document = document
        self.definitions = definitions.map { definition in
            var owned = definition
            owned["metadata"]?["labels"] = [Manifest.ownerLabel: .string(Manifest.owner)]
            return Manifest(owned)
        }
    }

    package var all: [Manifest] { InstallationPart.allCases.flatMap(manifests) }

    package func manifests(_ part: InstallationPart) -> [Manifest] {
        switch part {
        case .definitions: definitions
        case .rights: rights
        case .network: [record, network]
        case .controller: [controller]
        case .nodes: NodeWorkloads(configuration: configuration).manifests
        case .dns: configuration.dns.map { NameServerWorkload(configuration, $0).manifests } ?? []
        }
    }

    /// What takes Gabion off the nodes; part of no installation.
    package var cleanup: Manifest { NodeWorkloads(configuration: configuration).cleanup }

    private var rights: [Manifest] {
        var components: [(ComponentRights, String)] = [
            (.agent, configuration.namespace), (.controller, configuration.namespace),
        ]
        if configuration.components.contains(.egress) { components.append((.egress, configuration.namespace)) }
        if configuration.components.contains(.failover) {
            components.append((.failover(secrets: configuration.failover?.secrets ?? []), configuration.namespace))
        }
        if configuration.dns != nil { components.append((.dns, NameServerWorkload.namespace)) }
        let accounts = components.map { rights, namespace in
            Manifest(Manifest.owned("v1", "ServiceAccount", rights.name, in: namespace))
        }
        return [namespace] + accounts + components.flatMap { $0.0.manifests(namespace: $0.1) }
    }

    private var namespace: Manifest {
        // Agents work on the nodes themselves: where pods are held to standards, this namespace is not.
        let labels: [String: JSONValue] = [
            "pod-security.kubernetes.io/enforce": "privileged", "pod-security.kubernetes.io/audit": "privileged",
            "pod-security.kubernetes.io/warn": "privileged",
        ]
        return Manifest(Manifest.owned("v1", "Namespace", configuration.namespace, labels: labels))
    }

    /// Where the document is found by those who take Gabion away again.
    package static let recordName = "gabion-installation"
    package static let recordKey = "installation.json"

    private var record: Manifest {
        Manifest(
            Manifest.owned(
                "v1", "ConfigMap", Self.recordName, in: configuration.namespace,
                ["data": [Self.recordKey: .string(document.compactText)]]),
            comment: ["What all of this was made of; gabion uninstall reads it."])
    }

    private var network: Manifest {
        let network = configuration.network
        let pods = network.pods.map { range -> JSONValue in
            ["CIDR": .string("\(range.cidr)"), "hostSubnetLength": .int(Int64(range.hostBits))]
        }
        var body: [String: JSONValue] = [
            "clusterNetworks": .array(pods),
            "serviceNetwork": .string(network.services.map(\.description).joined(separator: ",")),
            "pluginName": .string(network.mode.description), "vxlanPort": .int(Int64(network.vxlanPort)),
        ]
        if let mtu = network.mtu { body["mtu"] = .int(Int64(mtu)) }
        return Manifest(
            Manifest.owned(ClusterNetwork.resource.apiVersion, "ClusterNetwork", "default", body),
            comment: ["The ranges of pods and services."])
    }

    private var controller: Manifest {
        // Two on one node's network would have one name: each would believe that the Lease is its own.
        var container = ContainerSpec("controller", ["gabion", "controller", "--identity", "$(POD_NAME)"])
        container.environment = [PodEnvironment.podName] + PodEnvironment.apiServer(configuration)
        container.requests = (50, 64)
        var pods = PodSpec("gabion-controller", [container])
        pods.account = "gabion-controller"
        pods.priority = "system-cluster-critical"
        pods.isSpread = true
        return Manifest(
            Manifest.owned(
                "apps/v1", "Deployment", "gabion-controller", in: configuration.namespace,
                labels: ["app.kubernetes.io/name": "gabion-controller"],
                [
                    "spec": [
                        "replicas": .int(Int64(configuration.controllerReplicas)),
                        "selector": ["matchLabels": .object(pods.selector)], "template": pods.template(configuration),
                    ]
                ]),
            comment: ["Subnets of nodes, ids of namespaces; the holder of a Lease acts, the others stand by."])
    }
}
