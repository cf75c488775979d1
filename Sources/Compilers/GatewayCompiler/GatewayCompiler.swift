import APIMachinery
package import ClusterAPI
package import EnvoyConfig
package import NetworkTypes

/// An EgressGateway → what its Envoys do.
package enum GatewayCompiler {
    /// - Parameter addresses: of the pod; listeners are there and nowhere else, so that nobody reaches one by a loopback address.
    /// - Throws: for an object that the API would not accept either, whole: a part of it is not served.
    package static func compile(
        _ gateway: EgressGateway, at addresses: [IPAddress]
    ) throws(GatewayProblem) -> EnvoyResources {
        let errors = EgressGatewayValidation.errors(in: gateway)
        guard errors.isEmpty else { throw GatewayProblem(errors.map { "\($0.field): \($0.body)" }) }
        guard let families = families(addresses) else {
            throw GatewayProblem(["the pod has no address for the ports to be at"])
        }
        var resources = EnvoyResources()
        let draft = GatewayDraft(addresses: addresses, families: families)
        for port in gateway.spec?.ports ?? [] {
            guard let number = UInt16(exactly: port.port) else { continue }
            if let redirect = port.redirect {
                try draft.redirect(number, port.protocol == "UDP" ? .udp : .tcp, redirect, &resources)
            } else if let connect = port.connect {
                draft.connect(number, connect, &resources)
            }
        }
        return resources
    }

    private static func families(_ addresses: [IPAddress]) -> EnvoyResources.Families? {
        switch Set(addresses.map(\.family)) {
        case [.v4]: .v4
        case [.v6]: .v6
        case [.v4, .v6]: .both
        default: nil
        }
    }
}

/// Why a gateway is not served as it is written.
package struct GatewayProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let texts: [String]

    package init(_ texts: [String]) { self.texts = texts }

    package var description: String { texts.prefix(5).joined(separator: "; ") }
}
