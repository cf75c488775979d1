package import NodeModel

/// What the CNI endpoint needs of the datapath: attach a pod's interface, detach it, and say how things are.
///
/// The caller makes and removes the veth pair and the pod's side of it; routes, neighbours, interface settings of the
/// host side and the rules are the datapath's.
package protocol DatapathPort: Sendable {
    /// This node's part of the pod network; nil until its HostSubnet and its Node are known.
    var nodeNetwork: NodeNetwork? { get async }

    /// Adds the attachment and returns when the kernel enforces the pod's policy on it. Attaching the same thing again
    /// returns at once if it is enforced already.
    ///
    /// - Throws: `AttachmentError` if that did not happen before the deadline. The attachment stays recorded, closed:
    ///   the caller detaches it or tries again.
    func attach(_ attachment: PodAttachment) async throws(AttachmentError)

    /// What the kernel no longer has of what was applied for an attachment, in words: rules, routes, neighbours, settings.
    /// Looks at the kernel; what is missing is mended at once, but reported.
    ///
    /// - Throws: `AttachmentError` as `attach` does, or if nobody looked before the deadline.
    func faults(of attachment: PodAttachment) async throws(AttachmentError) -> [String]

    /// Removes one attachment, by its interface: others of the same container stay. One that is not there is fine.
    /// Returns when the kernel has forgotten it.
    ///
    /// - Throws: `AttachmentError` if the kernel could not be brought to it before the deadline.
    func detach(_ attachment: PodAttachment) async throws(AttachmentError)

    /// Adds the attachments that outlived an earlier agent, without waiting. Called before `run`.
    func adopt(_ attachments: [PodAttachment]) async

    func status() async -> AgentStatus
}
