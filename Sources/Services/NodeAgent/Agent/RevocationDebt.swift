import NetworkTypes
import ServiceModel

/// Which connections must be judged again.
struct RevocationDebt {
    /// All, by policies.
    var policies = false
    /// Those that came by these frontends, by where services lead.
    var frontends: Set<ServiceFrontend> = []
    /// Those that leave the cluster, by who holds their source addresses.
    var egress = false

    var isEmpty: Bool { !policies && !egress && frontends.isEmpty }

    /// Nobody but datagrams' connections need be looked at.
    var isAboutDatagrams: Bool { !policies && !egress && frontends.allSatisfy { $0.transport == .udp } }

    mutating func formUnion(_ other: RevocationDebt) {
        policies = policies || other.policies
        frontends.formUnion(other.frontends)
        egress = egress || other.egress
    }
}
