package import ClusterAPI
package import NetworkTypes

extension EndpointSlice {
    /// The address of an endpoint of this slice; nil if it is none that traffic can be sent to.
    ///
    /// An API server refuses what only means something on one machine or link; who writes slices past it must not reach
    /// the node's own doors, nor a cloud's metadata, by way of a service.
    package func address(of endpoint: SliceEndpoint) -> IPAddress? {
        guard let address = endpoint.addresses.first.flatMap({ IPAddress($0) }), !address.isUnspecified,
            !address.isLoopback, !address.isLinkLocal, !address.isMulticast,
            addressType == (address.family == .v4 ? "IPv4" : "IPv6")
        else { return nil }
        return address
    }
}
