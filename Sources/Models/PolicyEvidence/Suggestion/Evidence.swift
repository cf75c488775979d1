import FlowModel

/// What was seen that a rule is made of.
package struct Evidence: Hashable, Sendable {
    package private(set) var flows = 0
    /// Microseconds since 1970.
    package private(set) var first = Int64.max
    package private(set) var last = Int64.min
    /// In both directions.
    package private(set) var bytes: UInt64 = 0
    /// Flows that nobody answered, of those whose packets were counted: what a port scan leaves.
    package private(set) var unanswered = 0
    /// The first few pairs of ends.
    package private(set) var examples: [String] = []

    package static let exampleCount = 3

    package init() {}

    mutating func add(_ record: FlowRecord) {
        flows += 1
        first = min(first, record.start)
        last = max(last, record.last)
        add(record.forward.bytes)
        add(record.backward.bytes)
        if record.isCounted, record.backward.packets == 0 { unanswered += 1 }
        add("\(record.source.name) to \(record.destination.name)")
    }

    mutating func add(_ other: Evidence) {
        flows += other.flows
        first = min(first, other.first)
        last = max(last, other.last)
        add(other.bytes)
        unanswered += other.unanswered
        for example in other.examples { add(example) }
    }

    private mutating func add(_ more: UInt64) {
        let (sum, overflow) = bytes.addingReportingOverflow(more)
        bytes = overflow ? .max : sum
    }

    private mutating func add(_ example: String) {
        if examples.count < Self.exampleCount, !examples.contains(example) { examples.append(example) }
    }
}
