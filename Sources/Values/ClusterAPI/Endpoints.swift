/// core/v1 Endpoints: what EndpointSlices came after, still written by hand for services without a selector.
package struct Endpoints: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Endpoints", plural: "endpoints", isNamespaced: true)

    /// The label that says `true` where no slices are to be made of it.
    package static let skipMirrorLabel = "endpointslice.kubernetes.io/skip-mirror"

    /// The label that names who keeps the object; none where people write it.
    package static let keeperLabel = "endpoints.kubernetes.io/managed-by"
    /// The annotation that says `truncated` where there are more addresses than the object names.
    package static let overCapacity = "endpoints.kubernetes.io/over-capacity"

    package var metadata: ObjectMeta
    package var subsets: [EndpointSubset]?

    package init(metadata: ObjectMeta, subsets: [EndpointSubset]? = nil) {
        self.metadata = metadata
        self.subsets = subsets
    }
}

/// Addresses that all have the same ports.
package struct EndpointSubset: Codable, Hashable, Sendable {
    package var addresses: [EndpointAddress]?
    package var notReadyAddresses: [EndpointAddress]?
    package var ports: [SlicePort]?

    package init(
        addresses: [EndpointAddress]? = nil, notReadyAddresses: [EndpointAddress]? = nil, ports: [SlicePort]? = nil
    ) {
        self.addresses = addresses
        self.notReadyAddresses = notReadyAddresses
        self.ports = ports
    }
}

package struct EndpointAddress: Codable, Hashable, Sendable {
    package var ip: String
    package var hostname: String?
    package var nodeName: String?
    package var targetRef: TargetReference?

    package init(ip: String, hostname: String? = nil, nodeName: String? = nil) {
        self.ip = ip
        self.hostname = hostname
        self.nodeName = nodeName
    }
}
