/// A layer of policies: the layers are asked in this order, and the first that decides has the last word.
package enum Tier: Int, Hashable, Sendable, Comparable, CaseIterable, CustomStringConvertible {
    /// The cloud's metadata, closed to every pod that no MetadataAccess selects.
    case metadata
    /// Which projects see each other at all.
    case tenancy
    /// Network zones and the holes between them.
    case zones
    /// EgressFirewall and EgressNetworkPolicy: what may leave the cluster.
    case egressFirewall
    /// AdminNetworkPolicy, and ClusterNetworkPolicy of tier Admin.
    case admin
    /// NetworkPolicy: decides about every pod that one of them isolates.
    case networkPolicy
    /// ClusterNetworkPolicy of tier Baseline, then BaselineAdminNetworkPolicy.
    case baseline

    package var description: String {
        switch self {
        case .metadata: "Metadata"
        case .tenancy: "Tenancy"
        case .zones: "Zones"
        case .egressFirewall: "EgressFirewall"
        case .admin: "Admin"
        case .networkPolicy: "NetworkPolicy"
        case .baseline: "Baseline"
        }
    }

    package static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
}
