/// An ordered list of rules: entered from a hook (a base chain) or from other chains.
package struct Chain: Hashable, Sendable {
    /// Where and when the kernel enters a base chain.
    package struct Base: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable { case filter, nat, route }

        package enum Hook: String, Hashable, Sendable {
            case prerouting, input, forward, output, postrouting, ingress, egress
        }

        package enum Policy: String, Hashable, Sendable { case accept, drop }

        package var kind: Kind
        package var hook: Hook
        /// Lower runs earlier; `filter` is 0, `raw` −300, conntrack −200, `dstnat` −100, `srcnat` 100.
        package var priority: Int
        package var policy: Policy
        /// The interface of a netdev chain or an inet ingress chain.
        package var device: InterfacePattern?

        package init(
            _ kind: Kind, _ hook: Hook, priority: Int, policy: Policy = .accept, device: InterfacePattern? = nil
        ) {
            self.kind = kind
            self.hook = hook
            self.priority = priority
            self.policy = policy
            self.device = device
        }
    }

    /// Nil for a chain that only other chains lead to.
    package var base: Base?
    package var rules: [Rule]

    package init(_ base: Base? = nil, rules: [Rule] = []) {
        self.base = base
        self.rules = rules
    }
}
