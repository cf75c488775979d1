package import ClusterAPI

/// Why a pod could not be connected, or disconnected, in time.
package enum AttachmentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The node has no subnet, or the API's objects are not all known yet.
    case notReady(pod: ObjectKey, reason: String)
    /// The API has not told this agent about the pod, so its labels, and with them its policies, are not known.
    case podUnknown(pod: ObjectKey)
    /// The rules were not confirmed in the kernel; `lastFailure` is what the kernel answered last, if it answered.
    case notConfirmed(pod: ObjectKey, lastFailure: String?)
    case detachNotConfirmed(containerID: String, interface: String, lastFailure: String?)

    package var description: String {
        switch self {
        case .notReady(let pod, let reason):
            "pod \(pod) stays closed: \(reason); try again when the agent is ready (gabion status)"
        case .podUnknown(let pod):
            "pod \(pod) stays closed: the API server has not shown this pod to the agent, so its policies are unknown; "
                + "check that the pod exists and that the agent's watch works (gabion status)"
        case .notConfirmed(let pod, let failure):
            "pod \(pod) stays closed: its rules are not confirmed in the kernel (\(failure ?? "no answer yet"))"
        case .detachNotConfirmed(let containerID, let interface, let failure):
            "container \(containerID): the rules of its interface \(interface) are not yet removed from the kernel "
                + "(\(failure ?? "no answer yet"))"
        }
    }
}
