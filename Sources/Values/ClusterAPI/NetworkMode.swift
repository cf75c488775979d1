/// What a ClusterNetwork's `pluginName` asks for: who may speak to whom before any policy of the upper tiers.
package enum NetworkMode: Hashable, Sendable {
    /// Flat: every pod reaches every other, and NetworkPolicies are not enforced.
    case subnet
    /// A project reaches itself and those with VNID 0; NetworkPolicies are not enforced.
    case multitenant
    /// NetworkPolicies decide.
    case networkPolicy
    /// A name that nobody knows.
    ///
    /// Whatever was meant, nothing may be open that one of the modes would close: projects are separate, and NetworkPolicies
    /// are enforced.
    case unknown(String)

    /// The names, long and short, in the order of the modes; capitals make no difference.
    package static let pluginNames = [
        "redhat/openshift-ovs-subnet", "redhat/openshift-ovs-multitenant", "redhat/openshift-ovs-networkpolicy",
        "subnet", "multitenant", "networkpolicy",
    ]

    /// Absent or empty means `networkPolicy`.
    package init(pluginName: String?) {
        let name = pluginName ?? ""
        switch name.lowercased() {
        case "redhat/openshift-ovs-subnet", "subnet": self = .subnet
        case "redhat/openshift-ovs-multitenant", "multitenant": self = .multitenant
        case "", "redhat/openshift-ovs-networkpolicy", "networkpolicy": self = .networkPolicy
        default: self = .unknown(name)
        }
    }

    package var separatesProjects: Bool {
        switch self {
        case .multitenant, .unknown: true
        case .subnet, .networkPolicy: false
        }
    }

    package var enforcesNetworkPolicies: Bool {
        switch self {
        case .networkPolicy, .unknown: true
        case .subnet, .multitenant: false
        }
    }
}

extension NetworkMode: CustomStringConvertible {
    package var description: String {
        switch self {
        case .subnet: "subnet"
        case .multitenant: "multitenant"
        case .networkPolicy: "networkpolicy"
        case .unknown(let name): "unknown ('\(name)')"
        }
    }
}

extension ClusterNetwork {
    package var mode: NetworkMode { NetworkMode(pluginName: pluginName) }
}
