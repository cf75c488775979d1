package import NetworkTypes

/// How what a selected pod sends out of the cluster leaves it.
package struct PodEgress: Hashable, Sendable {
    package let owner: EgressOwner
    /// In the owner's order; empty: nothing may leave.
    package let active: [HeldAddress]

    /// A source address and the one node that holds it.
    package struct HeldAddress: Hashable, Sendable {
        package let address: IPAddress
        package let holder: String
    }
}
