import DatapathCompiler
import EgressSelection
package import Lab
import NFTables
import NetworkTypes
import PolicyEngine
import PolicyExplanation
import ServiceVerdicts

/// What was seen of a packet, beside what policies say about it.
package struct TraceReport: Sendable {
    package let connection: ConnectionReport
    package let trace: PacketTrace
    /// Where it was watched; nil in a lab, where every node is.
    package let vantage: TraceVantage?

    package init(connection: ConnectionReport, trace: PacketTrace, vantage: TraceVantage? = nil) {
        self.connection = connection
        self.trace = trace
        self.vantage = vantage
    }

    /// What could not be seen, and why.
    package var limits: [String] {
        guard let vantage else { return [] }
        return vantage.limits(connection.flow(taken: taken), leaving: taken?.way.departure)
    }

    /// The way that the packet took; nil while it could be one of several.
    package var taken: ConnectionReport.ExplainedWay? { connection.way(to: trace.destination) }

    var explanation: ExplanationReport? { taken?.explanation }

    package enum Finding: Hashable, Sendable {
        /// Kernel and explanation say the same.
        case agreement
        /// A rule that is not about policies dropped it before any policy was asked.
        case beforePolicies(String)
        case difference(String)
        /// Nothing was seen that could be compared.
        case unseen(String)
    }

    /// Whether the kernel did what the explanation says.
    package var finding: Finding {
        if let (node, step) = trace.death {
            return finding(droppedBy: step, on: node)
        }
        guard let outcome = trace.outcome else { return passedHere }
        guard let isAllowed = taken?.way.isAllowed else {
            return .unseen("where it was led is not known, so it cannot be compared: \(outcome)")
        }
        switch (outcome.isReached, isAllowed) {
        case (true, true): return .agreement
        case (true, false) where stranded != nil:
            return .difference("nothing is to leave without an egress address, and it arrived: \(outcome)")
        case (true, false): return .difference("policies deny it, and it arrived: \(outcome)")
        case (false, _) where trace.ways.isEmpty:
            return .unseen("no packet left the sender: \(outcome). Has it an address and a route?")
        case (false, _): return .unseen("no rule dropped it, and no answer came: \(outcome)")
        }
    }

    private func finding(droppedBy step: PacketTrace.Step, on node: String) -> Finding {
        let name = step.rule ?? step.chain
        if Self.isNamedDrop(step) {
            let drops = connection.drops
            if drops.contains(name) { return .agreement }
            guard connection.judgement.isServices, Self.serviceDrops.contains(name) else {
                return .beforePolicies(name)
            }
            return .difference("services say otherwise (\(connection.judgement.answer.rule)), and \(name) ended it")
        }
        guard let direction = denyingDirection, let rule = denyingRule else {
            return .difference("policies allow it, and node \(node) dropped it in \(step.chain)")
        }
        // The chain's name has a digest of the whole rule id; the comment may be cut short.
        if step.chain == DenialName(rule, direction).chain.text { return .agreement }
        return .difference("policies name \(rule), and the kernel dropped it by \(name)")
    }

    /// For a packet that somebody else sent, and that no rule of this machine dropped.
    private var passedHere: Finding {
        if trace.ways.isEmpty { return .unseen("no such packet came by") }
        guard let direction = denyingDirection, let rule = denyingRule else {
            guard let stranded else { return .unseen("the packet passed every rule here, as policies say") }
            guard let node = vantage?.node(deciding: .egress), node == vantage?.node else {
                return .unseen("the packet passed every rule here; the pod's node is to drop it: \(stranded)")
            }
            return .difference("it passed every rule here, and this node is to drop it: \(stranded)")
        }
        guard let node = vantage?.node(deciding: direction) else {
            return .unseen("the packet passed every rule here, and \(rule) denies it")
        }
        if node != vantage?.node {
            return .unseen("the packet passed every rule here; node \(node) is to drop it: \(rule)")
        }
        // Tiers that have no say made no rule that could drop it.
        if explanation?.explanation[direction].decided == nil || trace.ways.contains(where: { !$0.isComplete }) {
            return .unseen("no rule seen here dropped it, and policies deny it: \(rule)")
        }
        return .difference("\(rule) denies it on this node, and it passed every rule here")
    }

    /// Why nothing leaves the cluster although policies allow it; nil if it does, or goes nowhere outside.
    private var stranded: Departure? { explanation.flatMap { $0.isStranded ? $0.departure : nil } }

    /// The direction that is asked first, of those that deny the packet.
    private var denyingDirection: Direction? {
        guard let explanation = explanation?.explanation else { return nil }
        return Direction.askedFirst.first { !explanation[$0].decision.allowed }
    }

    /// The rule that a packet meets first, of those that deny it.
    private var denyingRule: RuleID? { denyingDirection.flatMap { explanation?.explanation[$0].decision.rule } }

    /// What becomes of packets that services end before policies are asked.
    private static let serviceDrops: Set<String> = ["drop_unserved", "drop_source_range"]

    private static func isNamedDrop(_ step: PacketTrace.Step) -> Bool {
        step.rule.map { $0.hasPrefix("drop_") } ?? false
    }
}
