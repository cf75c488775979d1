/// What is asked of one node's flow log.
package struct FlowQuery: Hashable, Sendable, Codable {
    package var filter: FlowFilter
    /// Of the past, at most so many, the latest ones.
    package var limit: Int
    /// Goes on with what happens from now on.
    package var follow: Bool

    package init(filter: FlowFilter = FlowFilter(), limit: Int = 1000, follow: Bool = false) {
        self.filter = filter
        self.limit = limit
        self.follow = follow
    }
}

/// One line of the answer.
package enum FlowAnswer: Hashable, Sendable, Codable {
    case flow(FlowRecord)
    /// After the past: nothing of it is missing if `isComplete`, but what `losses` counts.
    case summary(FlowSummary)
}

package struct FlowSummary: Hashable, Sendable, Codable {
    package var node: String
    /// False when there was more than the limit.
    package var isComplete: Bool
    package var losses: FlowLosses

    package init(node: String, isComplete: Bool, losses: FlowLosses) {
        self.node = node
        self.isComplete = isComplete
        self.losses = losses
    }
}

/// Packets and flows that the log does not have, since the agent's start, by the reason.
package struct FlowLosses: Hashable, Sendable, Codable {
    /// Packets that the kernel's limits kept back: most of a flood.
    package var sampled: UInt64 = 0
    /// Packets while no agent listened.
    package var unattended: UInt64 = 0
    /// Reports that the kernel made and that were not read in time.
    package var overrun: UInt64 = 0
    /// Packets whose headers could not be read.
    package var unreadable: UInt64 = 0
    /// Flows beyond what the agent follows at once.
    package var crowded: UInt64 = 0
    /// Records that could not be stored.
    package var unstored: UInt64 = 0

    package init() {}

    package var isNone: Bool { self == FlowLosses() }

    package var all: [(name: String, count: UInt64)] {
        [
            ("sampled", sampled), ("unattended", unattended), ("overrun", overrun), ("unreadable", unreadable),
            ("crowded", crowded), ("unstored", unstored),
        ]
    }

    /// `sampled 12, overrun 3`: those that are not zero.
    package var text: String { all.filter { $0.count > 0 }.map { "\($0.name) \($0.count)" }.joined(separator: ", ") }
}
