package import ClusterAPI

/// A part of a policy that does not hold as it is written, or that another policy makes ambiguous.
package struct PolicyDiagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let kind: PolicyKind
    package let policy: ObjectKey
    /// As Kubernetes writes field paths: `spec.ingress[0].ports[1].endPort`.
    package let path: String
    package let message: String
    /// What is done about it: always that side which opens nothing.
    package let consequence: String

    package init(
        kind: PolicyKind = .networkPolicy, policy: ObjectKey, path: String, message: String,
        consequence: String = "this part allows nothing"
    ) {
        self.kind = kind
        self.policy = policy
        self.path = path
        self.message = message
        self.consequence = consequence
    }

    package var reference: PolicyReference { PolicyReference(kind, policy) }

    package var description: String { "\(reference): \(path): \(message)" }

    package static func < (left: PolicyDiagnostic, right: PolicyDiagnostic) -> Bool {
        left.reference == right.reference
            ? (left.path, left.message) < (right.path, right.message) : left.reference < right.reference
    }
}
