package import PolicyEngine

/// One attachment with what holds for the traffic through it.
package struct LocalPod: Hashable, Sendable {
    package var attachment: PodAttachment
    package var admission: Admission

    package init(attachment: PodAttachment, admission: Admission) {
        self.attachment = attachment
        self.admission = admission
    }

    /// Whether the pod's policies are known, and what they are.
    package enum Admission: Hashable, Sendable {
        /// Nothing may pass in either direction.
        case closed(ClosedReason)
        case policy(EndpointPolicy)
    }

    /// Why a pod on a known interface gets no traffic at all.
    package enum ClosedReason: String, Hashable, Sendable {
        /// The API has not shown the pod, or it is gone there already.
        case unknown
        /// The API shows a pod of this name with another UID: a successor or a predecessor.
        case otherIdentity
        /// The API says that the pod belongs to another node, or lives in the host's network.
        case elsewhere
        /// The pod has ended; its address may be given to another.
        case terminated
        /// The API has not shown the pod's namespace: which cluster-wide policies are about it depends on the labels there.
        case namespaceUnknown
    }

    package var policy: EndpointPolicy? {
        guard case .policy(let policy) = admission else { return nil }
        return policy
    }
}
