package import LinuxSystem
package import NFTablesDriver

/// What the kernels on a packet's way did with it.
package struct PacketTrace: Sendable {
    /// One rule that the packet met, or the end of a chain.
    package struct Step: Hashable, Sendable {
        package let table: String
        package let chain: String
        /// What the rule says about itself: its id for those of ours; nil at the end of a chain.
        package let rule: String?
        package let verdict: TraceEvent.Verdict

        package init(table: String, chain: String, rule: String?, verdict: TraceEvent.Verdict) {
            self.table = table
            self.chain = chain
            self.rule = rule
            self.verdict = verdict
        }
    }

    /// The way through one node.
    package struct NodeWay: Hashable, Sendable {
        package let node: String
        package let steps: [Step]
        /// False if the kernel told more than was read in time.
        package let isComplete: Bool
        /// Where the packet was going when it was seen last.
        package let destination: SocketAddress?

        package init(node: String, steps: [Step], isComplete: Bool, destination: SocketAddress? = nil) {
            self.node = node
            self.steps = steps
            self.isComplete = isComplete
            self.destination = destination
        }
    }

    /// What the sender saw; nil if nothing was sent.
    package let outcome: ProbeOutcome?
    /// In the order in which the packet met them; nodes that it did not come to are not among them.
    package let ways: [NodeWay]

    package init(outcome: ProbeOutcome?, ways: [NodeWay]) {
        self.outcome = outcome
        self.ways = ways
    }

    /// Where the packet was going when it was seen last, translated by then or not.
    package var destination: SocketAddress? { ways.last { $0.destination != nil }?.destination }

    /// Where a rule dropped the packet.
    package var death: (node: String, step: Step)? {
        for way in ways {
            if let step = way.steps.first(where: { $0.verdict == .drop }) { return (way.node, step) }
        }
        return nil
    }
}
