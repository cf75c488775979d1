import NetworkTypes

/// Where a node's agent answers questions about flows, as its Node says: `ADDRESS:PORT`.
package enum FlowEndpointAnnotation {
    package static let key = "gabion.io/flow-endpoint"

    /// The longest text that an address with brackets and a port can be.
    private static let longest = 64

    /// Nil for what no client should connect to: a name, which somebody else resolves, several hosts at once, no port.
    package static func endpoint(_ text: String) -> ListenAddress? {
        guard text.utf8.count <= longest, let endpoint = try? ListenAddress(text), endpoint.port > 0,
            let address = endpoint.address, !address.isUnspecified, !address.isMulticast
        else { return nil }
        return endpoint
    }
}
