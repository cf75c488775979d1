import APIMachinery
import ClusterAPI

/// What the kinds that limit a namespace's egress have in common.
struct EgressFirewallForm: Hashable, Sendable {
    let reference: PolicyReference
    /// Nil for one of which nothing can be read.
    let spec: EgressFirewallSpec?
    let errors: [FieldError]

    init(_ firewall: EgressFirewall) {
        reference = PolicyReference(.egressFirewall, firewall.key)
        spec = firewall.spec
        errors = EgressFirewallValidation.errors(in: firewall)
    }

    init(_ policy: EgressNetworkPolicy) {
        reference = PolicyReference(.egressNetworkPolicy, policy.key)
        spec = policy.spec
        errors = EgressFirewallValidation.errors(in: policy)
    }

    /// Whether a range stands for every address of both families.
    ///
    /// EgressNetworkPolicy was made for a network of IPv4 alone, where `0.0.0.0/0` is everything, and `0.0.0.0/32` is read
    /// as that; on a network of both families a namespace that is closed so must not be open to IPv6.
    func isEverything(_ cidr: String) -> Bool {
        reference.kind == .egressNetworkPolicy && ["0.0.0.0/0", "0.0.0.0/32"].contains(cidr)
    }
}
