package import NetworkTypes

/// Who knows whose an address is, and what policies say: the agent, with the one verdict engine.
package protocol FlowJudge: Sendable {
    /// For each flow its ends and the verdict; nil where neither end is a pod.
    func judge(_ flows: [FlowKey]) async -> [FlowVerdict.Judgement?]

    /// Another number whenever what is staged has changed: the staged verdicts of flows that go on may be others.
    func stagedRevision() async -> UInt64

    /// The addresses of pods that are attached to this node.
    func podAddresses() async -> Set<IPAddress>

    /// What is known of the ways out of the cluster, as it is now.
    func exits() async -> FlowExits

    /// Told from time to time, for the node's status.
    func note(_ losses: FlowLosses) async
}
