package import NetworkTypes

/// What the cluster's zone has at one name: at most an alias, or the others.
package struct NameRecords: Hashable, Sendable {
    package internal(set) var addresses: Set<IPAddress> = []
    package internal(set) var services: Set<ServiceLocation> = []
    /// The name that stands for somebody outside.
    package internal(set) var alias: DomainName?
    package internal(set) var text: String?

    init(addresses: Set<IPAddress> = [], alias: DomainName? = nil, text: String? = nil) {
        self.addresses = addresses
        self.alias = alias
        self.text = text
    }
}

/// SRV: a port, and at which name it is.
package struct ServiceLocation: Hashable, Sendable {
    package let target: DomainName
    package let port: UInt16

    package init(target: DomainName, port: UInt16) {
        self.target = target
        self.port = port
    }
}
