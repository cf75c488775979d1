/// gabion.io/v1 FailoverGroup: addresses that move between nodes, each held by one of them at a time.
package struct FailoverGroup: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "FailoverGroup", plural: "failovergroups", isNamespaced: false)

    /// Where the Secrets of groups are, and what their names begin with: nodes may read these and no others.
    package static let secretNamespace = "kube-system"
    package static let secretPrefix = "gabion-failover-"
    /// The member of the Secret's data that counts.
    package static let secretKey = "key"

    package var metadata: ObjectMeta
    package var spec: FailoverGroupSpec?
    package var status: FailoverGroupStatus?

    package init(name: String, spec: FailoverGroupSpec?) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct FailoverGroupSpec: Codable, Hashable, Sendable {
    /// Each an address, a network, or a range `FIRST-LAST`.
    package var addresses: [String]?
    /// The nodes that may hold them; absent: all.
    package var nodeSelector: LabelSelector?
    /// The interface that gets the addresses; absent: the one whose network has them.
    package var interface: String?
    /// The virtual router id of the first address of each family; the others count up from there.
    package var firstRouterID: Int?
    package var advertIntervalMilliseconds: Int?
    /// How long a better node waits before it takes an address from the one that has it.
    package var preemptDelaySeconds: Int?
    /// A Secret of `secretNamespace`.
    package var authSecretName: String?
    package var healthCheck: FailoverHealthCheck?
    /// What of the node itself, not of services, may be reached at the addresses; absent: nothing but ICMP.
    package var ports: [FailoverPort]?

    package init(addresses: [String]) { self.addresses = addresses }
}

/// What must be well on a node that is to hold addresses; with both, both.
package struct FailoverHealthCheck: Codable, Hashable, Sendable {
    /// The node must have an endpoint of it that is ready.
    package var service: FailoverServiceReference?
    /// The node must answer this with 2xx or 3xx.
    package var http: FailoverHTTPCheck?

    package init(service: FailoverServiceReference? = nil, http: FailoverHTTPCheck? = nil) {
        self.service = service
        self.http = http
    }
}

package struct FailoverServiceReference: Codable, Hashable, Sendable {
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    package var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}

package struct FailoverHTTPCheck: Codable, Hashable, Sendable {
    package var port: Int
    package var path: String?
    package var intervalMilliseconds: Int?
    /// So many answers in a row decide, for better or worse.
    package var threshold: Int?

    package init(port: Int, path: String? = nil, intervalMilliseconds: Int? = nil, threshold: Int? = nil) {
        self.port = port
        self.path = path
        self.intervalMilliseconds = intervalMilliseconds
        self.threshold = threshold
    }
}

package struct FailoverPort: Codable, Hashable, Sendable {
    /// TCP when absent.
    package var `protocol`: String?
    package var port: Int

    package init(_ port: Int, protocol: String? = nil) {
        self.port = port
        self.protocol = `protocol`
    }
}

/// What the nodes say.
package struct FailoverGroupStatus: Codable, Hashable, Sendable {
    package var conditions: [ObjectCondition]?
    package var addresses: [HeldAddress]?

    package init(conditions: [ObjectCondition]? = nil, addresses: [HeldAddress]? = nil) {
        self.conditions = conditions
        self.addresses = addresses
    }
}

/// Who holds an address.
package struct HeldAddress: Codable, Hashable, Sendable {
    package var address: String
    /// The last that took it.
    package var node: String?
    package var since: String?
    /// Nodes that hold it besides: what should never be, and is while they do not hear each other.
    package var alsoHeldBy: [String]?

    package init(address: String, node: String? = nil, since: String? = nil, alsoHeldBy: [String]? = nil) {
        self.address = address
        self.node = node
        self.since = since
        self.alsoHeldBy = alsoHeldBy
    }
}
