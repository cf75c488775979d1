package import NetworkTypes

/// The source addresses with which pods leave the cluster, as far as this node has to do with it.
package struct EgressState: Hashable, Sendable {
    /// By the address of a selected pod of this node: where what it sends out of the cluster goes.
    ///
    /// What has no element leaves as this node.
    package var ways: [IPAddress: EgressWay] = [:]
    /// By the address of a selected pod of any node: with which of the addresses that this node holds it leaves here.
    package var translations: [IPAddress: IPAddress] = [:]

    package init() {}
}

/// Where what a selected pod sends out of the cluster goes.
package enum EgressWay: Hashable, Sendable {
    /// Nowhere: no address of its family is active.
    case closed
    /// Out of this node.
    case here
    /// To these nodes, by name, each connection to one of them; ascending, never none.
    case through([String])
}
