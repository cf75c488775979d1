package import NetworkTypes

/// What a node's process writes into its EgressNode before it holds anything: the next term, upon the version it read.
package struct EgressClaim: Hashable, Sendable {
    package let version: String
    package let term: Int
    package let witnesses: [String]
    package let addresses: Set<IPAddress>
    package let networks: [CIDR]
}
