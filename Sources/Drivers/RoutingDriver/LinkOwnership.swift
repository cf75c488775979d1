import LinkState

/// Which links of a namespace are looked at as ours.
package enum LinkOwnership: Hashable, Sendable {
    /// By the beginning of their names.
    case prefix(String)
    case named(Set<String>)

    /// The prefix of a node's own interfaces.
    package static let ours = LinkOwnership.prefix(LinkState.interfacePrefix)

    package func owns(_ name: String) -> Bool {
        switch self {
        // The interface of the process that learns names is that process's.
        case .prefix(let prefix): name.hasPrefix(prefix) && !(self == .ours && name == LinkState.namesInterface)
        case .named(let names): names.contains(name)
        }
    }
}
