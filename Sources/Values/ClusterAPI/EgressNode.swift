/// gabion.io/v1 EgressNode, named after its node: which egress addresses it holds, and what is known of its hold.
///
/// `spec` is the ledger of the whole cluster: an address belongs to the node whose `addresses` or `releasing` has it, and to
/// no other. Each change depends on the version that was read.
package struct EgressNode: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "EgressNode", plural: "egressnodes", isNamespaced: false)

    /// The witness that is no node: the API server itself, by a Lease.
    package static let apiWitness = "api"
    /// The namespace of those Leases, and what their names begin with, before the node's name.
    package static let leaseNamespace = "kube-system"
    package static let leasePrefix = "gabion-egress-"

    package var metadata: ObjectMeta
    package var spec: EgressNodeSpec?
    package var status: EgressNodeStatus?

    package init(name: String, spec: EgressNodeSpec? = nil, status: EgressNodeStatus? = nil) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
        self.status = status
    }

    package var addresses: [String] { spec?.addresses ?? [] }
    package var releasing: [String] { spec?.releasing ?? [] }
}

package struct EgressNodeSpec: Codable, Hashable, Sendable {
    /// What the node is to hold; agents send what has one of these as its source there.
    package var addresses: [String]?
    /// What it is to let go: it may hold them still, so nobody else may.
    package var releasing: [String]?
    /// Who acknowledges its heartbeats: nodes, and `api`.
    package var witnesses: [String]?

    package init(addresses: [String]? = nil, releasing: [String]? = nil, witnesses: [String]? = nil) {
        self.addresses = addresses
        self.releasing = releasing
        self.witnesses = witnesses
    }
}

/// What the node's process says, and in `silentTo` and `witnessTerms` its witnesses.
package struct EgressNodeStatus: Codable, Hashable, Sendable {
    /// Counts the claims of the node's process: each is a write, so that a decision upon an older version fails.
    package var term: Int?
    /// The witnesses that the node's process counts on; it holds nothing without having written them.
    package var witnesses: [String]?
    /// What the process may have on its interfaces: written before it has, and until it has no more.
    package var held: [EgressHolding]?
    /// The networks of the node's interfaces: what addresses it can hold; absent until its process has run.
    package var networks: [String]?
    /// The witnesses that have not heard the node for so long that it counts no more on them.
    package var silentTo: [String]?
    /// Counts for each witness how often it began to acknowledge.
    package var witnessTerms: [String: Int]?
    package var problems: [String]?

    package init() {}
}

/// An address that a node holds.
package struct EgressHolding: Codable, Hashable, Sendable {
    package var address: String
    package var since: String?

    package init(address: String, since: String? = nil) {
        self.address = address
        self.since = since
    }
}
