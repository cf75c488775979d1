package import ClusterAPI

/// The kinds of objects that decide about traffic, or would; the raw value is the API's `kind`.
package enum PolicyKind: String, Hashable, Sendable, Comparable, CaseIterable {
    case adminNetworkPolicy = "AdminNetworkPolicy"
    case baselineAdminNetworkPolicy = "BaselineAdminNetworkPolicy"
    /// The network's description, whose `pluginName` chooses the mode.
    case clusterNetwork = "ClusterNetwork"
    case clusterNetworkPolicy = "ClusterNetworkPolicy"
    /// Decides nothing: says what another kind would.
    case clusterStagedPolicy = "ClusterStagedPolicy"
    case egressFirewall = "EgressFirewall"
    case egressNetworkPolicy = "EgressNetworkPolicy"
    case metadataAccess = "MetadataAccess"
    /// All projects with one VNID, or one whose VNID is not known.
    case netNamespace = "NetNamespace"
    case networkPolicy = "NetworkPolicy"
    case stagedPolicy = "StagedPolicy"
    case zone = "Zone"

    /// The kinds whose objects decide about the pods of their own namespace alone.
    var isOfOneNamespace: Bool {
        switch self {
        case .networkPolicy, .egressFirewall, .egressNetworkPolicy: true
        case .adminNetworkPolicy, .baselineAdminNetworkPolicy, .clusterNetwork, .clusterNetworkPolicy,
            .clusterStagedPolicy, .metadataAccess, .netNamespace, .stagedPolicy, .zone:
            false
        }
    }

    package static func < (left: PolicyKind, right: PolicyKind) -> Bool { left.rawValue < right.rawValue }
}

/// One policy object, of whichever kind.
package struct PolicyReference: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let kind: PolicyKind
    package let key: ObjectKey

    package init(_ kind: PolicyKind, _ key: ObjectKey) {
        self.kind = kind
        self.key = key
    }

    package var description: String { "\(kind.rawValue) \(key)" }

    package static func < (left: PolicyReference, right: PolicyReference) -> Bool {
        left.kind == right.kind ? left.key < right.key : left.kind < right.kind
    }
}
