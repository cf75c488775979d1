import ClusterAPI
import NetworkTypes

/// What all endpoints of one slice have in common.
struct SliceShape: Hashable, Comparable {
    /// IPv4 or IPv6.
    let addressType: String
    let ports: [SlicePort]

    init(_ addressType: String, _ ports: [SlicePort]) {
        self.addressType = addressType
        self.ports = ports.map {
            SlicePort(name: $0.name ?? "", protocol: $0.protocol ?? "TCP", port: $0.port, appProtocol: $0.appProtocol)
        }
    }

    /// IPv4 or IPv6; nil for no address.
    static func addressType(of address: String) -> String? {
        IPAddress(address).map { $0.family == .v4 ? "IPv4" : "IPv6" }
    }

    /// Those of which a service has endpoints.
    static func addressTypes(of service: Service) -> [String] {
        let given = service.spec?.ipFamilies ?? []
        if !given.isEmpty { return given }
        let own = service.clusterAddressTexts.compactMap(addressType)
        return own.isEmpty ? ["IPv4"] : own
    }

    init(of slice: EndpointSlice) { self.init(slice.addressType, slice.ports ?? []) }

    private var text: String {
        addressType + ports.map { " \($0.name ?? ""):\($0.port ?? 0)/\($0.protocol ?? "")" }.joined()
    }

    static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// By what an endpoint stays the same one while its conditions change.
struct EndpointIdentity: Hashable {
    let addresses: [String]
    let target: TargetReference?

    init(_ endpoint: SliceEndpoint) {
        addresses = endpoint.addresses
        target = endpoint.targetRef
    }
}
