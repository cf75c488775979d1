/// Who asks that the connections of some pods leave the cluster with certain source addresses.
///
/// Of several that select a pod the least is asked: a NetNamespace before an EgressIP, this before a Zone, and these by name.
package enum EgressOwner: Hashable, Sendable, Comparable {
    case netNamespace(String)
    case egressIP(String)
    case zone(String)
}

extension EgressOwner: CustomStringConvertible {
    package var description: String {
        switch self {
        case .netNamespace(let name): "NetNamespace \(name)"
        case .egressIP(let name): "EgressIP \(name)"
        case .zone(let name): "Zone \(name)"
        }
    }
}
