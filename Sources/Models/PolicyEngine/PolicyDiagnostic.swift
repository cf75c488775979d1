package import ClusterAPI

/// A policy of which a part cannot be interpreted.
///
/// That part allows nothing; what the policy selects stays isolated.
package struct PolicyDiagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let policy: ObjectKey
    /// As Kubernetes writes field paths: `spec.ingress[0].ports[1].endPort`.
    package let path: String
    package let message: String

    package init(policy: ObjectKey, path: String, message: String) {
        self.policy = policy
        self.path = path
        self.message = message
    }

    package var description: String { "NetworkPolicy \(policy): \(path): \(message)" }

    package static func < (left: PolicyDiagnostic, right: PolicyDiagnostic) -> Bool {
        (left.policy, left.path, left.message) < (right.policy, right.path, right.message)
    }
}
