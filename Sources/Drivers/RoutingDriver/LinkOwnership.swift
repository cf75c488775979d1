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
        case .prefix(let prefix): name.hasPrefix(prefix)
        case .named(let names): names.contains(name)
        }
    }
}
