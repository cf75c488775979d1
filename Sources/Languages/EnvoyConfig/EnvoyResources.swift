package import NetworkTypes

/// What one Envoy does, as a tree: as far as a gateway needs it.
///
/// A listener keeps its text when its destination changes, because it names a cluster or a table of routes, and these change: Envoy
/// ends the connections of a listener that changes, some time later, and those of clusters and routes never.
package struct EnvoyResources: Hashable, Sendable {
    package var listeners: [Listener]
    package var clusters: [Cluster]
    package var routes: [ConnectRoutes]

    package init(listeners: [Listener] = [], clusters: [Cluster] = [], routes: [ConnectRoutes] = []) {
        self.listeners = listeners
        self.clusters = clusters
        self.routes = routes
    }

    package struct Listener: Hashable, Sendable {
        package enum Service: Hashable, Sendable {
            case tcp(cluster: EnvoyName)
            case udp(cluster: EnvoyName)
            /// HTTP/1.1, CONNECT only, by a table of `routes`.
            case connect(routes: EnvoyName, RequestedNames)
        }

        package var name: EnvoyName
        /// At least one.
        package var addresses: [IPAddress]
        package var port: UInt16
        package var service: Service

        package init(name: EnvoyName, addresses: [IPAddress], port: UInt16, service: Service) {
            self.name = name
            self.addresses = addresses
            self.port = port
            self.service = service
        }
    }

    package struct Cluster: Hashable, Sendable {
        package enum Destination: Hashable, Sendable {
            case address(IPAddress, port: UInt16)
            /// All of a name's addresses, looked up again when their time is over.
            case host(DomainName, port: UInt16, Families)
            /// What requests ask for.
            case requested(RequestedNames)
        }

        package var name: EnvoyName
        package var destination: Destination

        package init(name: EnvoyName, destination: Destination) {
            self.name = name
            self.destination = destination
        }
    }

    /// Of which families addresses are looked up.
    package enum Families: String, Hashable, Sendable {
        case v4 = "V4_ONLY"
        case v6 = "V6_ONLY"
        case both = "ALL"
    }

    /// Names that requests ask for: a listener and the cluster that it leads to say the same of them.
    package struct RequestedNames: Hashable, Sendable {
        package var cluster: EnvoyName
        package var families: Families
        /// Addresses that no name has, and that are not asked for either: they are taken out of answers.
        package var closed: [CIDR]

        package init(cluster: EnvoyName, families: Families, closed: [CIDR]) {
            self.cluster = cluster
            self.families = families
            self.closed = closed
        }
    }

    /// What may be asked for by CONNECT; all else gets 403.
    package struct ConnectRoutes: Hashable, Sendable {
        package var name: EnvoyName
        package var cluster: EnvoyName
        package var allowed: [Destination]

        package init(name: EnvoyName, cluster: EnvoyName, allowed: [Destination]) {
            self.name = name
            self.cluster = cluster
            self.allowed = allowed
        }

        package enum Destination: Hashable, Sendable {
            case host(HostPattern, port: UInt16)
            /// Asked for as an address.
            case range(CIDR, port: UInt16)
        }
    }
}

/// Names of hosts.
package struct HostPattern: Hashable, Sendable {
    package enum Reach: Hashable, Sendable {
        case itself
        case oneLabelMore
        case atLeastOneLabelMore
    }

    package var name: DomainName
    package var reach: Reach

    package init(_ name: DomainName, _ reach: Reach) {
        self.name = name
        self.reach = reach
    }
}

/// The name of a resource, of which also the names of its counters are made.
package struct EnvoyName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil unless it is of lower-case letters, digits and hyphens.
    package init?(_ text: String) {
        let isInner = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 }
        guard !text.isEmpty, text.utf8.allSatisfy(isInner) else { return nil }
        description = text
    }

    /// `tcp-443`.
    package init(_ transport: TransportProtocol, _ port: UInt16) {
        description = "\(transport.rawValue.lowercased())-\(port)"
    }
}
