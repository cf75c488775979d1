/// discovery.k8s.io/v1 EndpointSlice: a part of the endpoints of a service, of one family.
package struct EndpointSlice: APIObject {
    package static let resource = served("v1")
    /// Kubernetes before 1.21.
    package static let olderResources = [served("v1beta1")]

    private static func served(_ version: String) -> ResourceType {
        ResourceType(
            group: "discovery.k8s.io", version: version, kind: "EndpointSlice", plural: "endpointslices",
            isNamespaced: true)
    }

    /// The label that names the service.
    package static let serviceLabel = "kubernetes.io/service-name"
    /// The label that names who keeps the slice.
    package static let keeperLabel = "endpointslice.kubernetes.io/managed-by"
    /// The label of slices of services without an address of their own.
    package static let headlessLabel = "service.kubernetes.io/headless"

    package var metadata: ObjectMeta
    /// IPv4, IPv6 or FQDN.
    package var addressType: String
    package var endpoints: [SliceEndpoint]
    package var ports: [SlicePort]?

    package init(
        metadata: ObjectMeta, addressType: String, endpoints: [SliceEndpoint] = [], ports: [SlicePort]? = nil
    ) {
        self.metadata = metadata
        self.addressType = addressType
        self.endpoints = endpoints
        self.ports = ports
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        addressType = try container.decode(String.self, forKey: .addressType)
        // Go writes an empty list as null.
        endpoints = try container.decodeIfPresent([SliceEndpoint].self, forKey: .endpoints) ?? []
        ports = try container.decodeIfPresent([SlicePort].self, forKey: .ports)
    }

    /// The service it is about; nil if no label says so.
    package var service: ObjectKey? {
        metadata.labels?[Self.serviceLabel].map { ObjectKey(namespace: metadata.namespace ?? "", name: $0) }
    }
}

package struct SliceEndpoint: Codable, Hashable, Sendable {
    /// They are one endpoint: the first counts.
    package var addresses: [String]
    package var conditions: EndpointConditions?
    package var hostname: String?
    package var nodeName: String?
    package var zone: String?
    package var hints: EndpointHints?
    package var targetRef: TargetReference?

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        addresses = try container.decode([String].self, forKey: .addresses)
        conditions = try container.decodeIfPresent(EndpointConditions.self, forKey: .conditions)
        hostname = try container.decodeIfPresent(String.self, forKey: .hostname)
        hints = try container.decodeIfPresent(EndpointHints.self, forKey: .hints)
        targetRef = try container.decodeIfPresent(TargetReference.self, forKey: .targetRef)
        let older = try decoder.container(keyedBy: OlderKeys.self)
        let topology = try older.decodeIfPresent([String: String].self, forKey: .topology) ?? [:]
        nodeName =
            try container.decodeIfPresent(String.self, forKey: .nodeName) ?? topology["kubernetes.io/hostname"]
        zone = try container.decodeIfPresent(String.self, forKey: .zone) ?? topology["topology.kubernetes.io/zone"]
    }

    /// v1beta1 had node and zone in here; under `kubernetes.io/hostname` is the node's name, whatever its label.
    private enum OlderKeys: CodingKey {
        case topology
    }

    package init(addresses: [String], conditions: EndpointConditions? = nil, nodeName: String? = nil) {
        self.addresses = addresses
        self.conditions = conditions
        self.nodeName = nodeName
    }

    /// Takes new connections, as far as is known.
    package var isReady: Bool { conditions?.ready ?? true }
    /// Would answer, ending or not.
    package var isServing: Bool { conditions?.serving ?? isReady }
    package var isTerminating: Bool { conditions?.terminating ?? false }
}

package struct EndpointConditions: Codable, Hashable, Sendable {
    package var ready: Bool?
    package var serving: Bool?
    package var terminating: Bool?

    package init(ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil) {
        self.ready = ready
        self.serving = serving
        self.terminating = terminating
    }
}

/// Whom the endpoint is meant for first.
package struct EndpointHints: Codable, Hashable, Sendable {
    package var forZones: [Target]?
    package var forNodes: [Target]?

    package init(zones: [String]? = nil, nodes: [String]? = nil) {
        forZones = zones?.map(Target.init(name:))
        forNodes = nodes?.map(Target.init(name:))
    }

    package struct Target: Codable, Hashable, Sendable {
        package var name: String
    }
}

package struct TargetReference: Codable, Hashable, Sendable {
    package var kind: String?
    package var namespace: String?
    package var name: String?
    package var uid: String?

    package init(kind: String?, namespace: String?, name: String?, uid: String?) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }
}

package struct SlicePort: Codable, Hashable, Sendable {
    /// Empty for a service with one port without a name.
    package var name: String?
    package var `protocol`: String?
    /// Absent: no port that packets could be sent to.
    package var port: Int?
    package var appProtocol: String?

    package init(name: String? = nil, protocol: String? = nil, port: Int?, appProtocol: String? = nil) {
        self.name = name
        self.protocol = `protocol`
        self.port = port
        self.appProtocol = appProtocol
    }
}
