package import LinuxSystem

/// A change of links or routes that the kernel refused, with its reason; or several.
package struct RoutingError: Error, Sendable, CustomStringConvertible {
    /// What was tried: `add route 10.1.0.0/24 dev gabvxlan`.
    package let what: String
    /// The kernel's reason; nil when the change could not even be asked for.
    package let refusal: NetlinkError?
    package let reason: String
    package let namespace: NamespaceReference
    /// Further failures of the same run, each with its own reason.
    package var others: [RoutingError] = []

    package init(what: String, refusal: NetlinkError, namespace: NamespaceReference) {
        self.what = what
        self.refusal = refusal
        reason = refusal.description
        self.namespace = namespace
    }

    package init(what: String, reason: String, namespace: NamespaceReference) {
        self.what = what
        refusal = nil
        self.reason = reason
        self.namespace = namespace
    }

    package var description: String {
        let place = namespace == .current ? "" : " in \(namespace)"
        let first = "cannot \(what)\(place): \(reason)"
        return ([first] + others.map(\.description)).joined(separator: "; ")
    }
}
