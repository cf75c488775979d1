package import AddressAllocation
package import ClusterAPI
package import NetworkTypes

/// What an administrator decides about Gabion on a Kubernetes cluster; everything that is installed follows from it.
package struct InstallationConfiguration: Hashable, Sendable {
    package static let apiVersion = "gabion.io/v1"
    package static let kind = "Installation"

    /// What may be left out; agent and controller always run.
    package enum Component: String, CaseIterable, Hashable, Sendable {
        /// Names in policies.
        case names
        /// Egress addresses.
        case egress
        /// The cluster's own name server.
        case dns
        /// The addresses of FailoverGroups.
        case failover
    }

    package enum PullPolicy: String, CaseIterable, Hashable, Sendable {
        case always = "Always"
        case ifNotPresent = "IfNotPresent"
        case never = "Never"
    }

    /// Where everything runs but the name servers, which stand in kube-system.
    package var namespace = "gabion-system"
    /// Where nodes reach the API server before there are services.
    package var apiServer: Endpoint
    package var image: String
    package var pullPolicy = PullPolicy.ifNotPresent
    package var components: Set<Component> = [.names, .egress]
    package var network: Network
    package var names = Names()
    package var dns: NameServer?
    package var failover: Failover?
    package var controllerReplicas = 2
    /// How many nodes at once may be without agent while it is changed.
    package var maxUnavailable = "1"
    package var plugin = Plugin()

    package init(apiServer: Endpoint, image: String, network: Network) {
        self.apiServer = apiServer
        self.image = image
        self.network = network
    }

    package struct Endpoint: Hashable, Sendable {
        /// An address or a name.
        package let host: String
        package let port: UInt16

        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        package var address: IPAddress? { IPAddress(host) }
    }

    package struct Network: Hashable, Sendable {
        package var pods: [SubnetRange]
        /// As kube-apiserver has them.
        package var services: [CIDR]
        /// Where the nodes' own addresses are; only looked at for overlaps.
        package var nodes: [CIDR] = []
        package var mode = NetworkMode.networkPolicy
        /// Of pods; nil: what the node's interface leaves.
        package var mtu: Int?
        package var vxlanPort: UInt16 = 4789
        package var underlayInterface: String?
        package var nodePortAddresses: [CIDR] = []
        /// For how many nodes the ranges must do.
        package var maximumNodes = 16
        /// For how many pods a node's subnet must do.
        package var podsPerNode = 110

        package init(pods: [SubnetRange], services: [CIDR]) {
            self.pods = pods
            self.services = services
        }
    }

    package struct Names: Hashable, Sendable {
        /// Name servers whose answers to pods are believed, besides the cluster's own.
        package var servers: [IPAddress] = []
        package var zone = "cluster.local"
    }

    package struct NameServer: Hashable, Sendable {
        /// Of the service kube-dns: what kubelets tell pods.
        package var address: IPAddress
        /// None: the node's.
        package var upstreams: [IPAddress] = []

        package init(address: IPAddress) { self.address = address }
    }

    package struct Failover: Hashable, Sendable {
        /// It has keepalived besides; nil when it cannot be told from the other's name.
        package var image: String?
        /// How many nodes at once may be without: a group's addresses need one of its nodes.
        package var maxUnavailable = "1"
        /// Of kube-system, with the keys of groups: what its pods may read.
        package var secrets: [String] = []

        package init(image: String?) { self.image = image }
    }

    /// Where the container runtime looks for plugins.
    package struct Plugin: Hashable, Sendable {
        package var programs = "/opt/cni/bin"
        package var configuration = "/etc/cni/net.d"
    }
}
