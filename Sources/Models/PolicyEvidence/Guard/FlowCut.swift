import FlowModel
package import NetworkTypes

/// Flows that a change of policies would cut: from one workload to another, on one port, by one rule.
package struct FlowCut: Hashable, Sendable {
    /// One end, as people know it.
    package enum Place: Hashable, Sendable, Comparable, CustomStringConvertible {
        case workload(Workload)
        case node(String)
        case outside

        package var description: String {
            switch self {
            case .workload(let workload): workload.description
            case .node(let name): "node \(name)"
            case .outside: "outside"
            }
        }

        package static func < (left: Place, right: Place) -> Bool {
            switch (left, right) {
            case (.workload(let one), .workload(let other)): one < other
            default: left.description < right.description
            }
        }
    }

    package let source: Place
    package let destination: Place
    package let transport: TransportProtocol
    /// Nil for ICMP.
    package let port: UInt16?
    /// What would deny it.
    package let rule: String

    /// What was seen of such flows.
    package struct Sightings: Hashable, Sendable {
        package internal(set) var flows = 0
        /// Microseconds since 1970.
        package internal(set) var last = Int64.min
        /// The latest one's ends.
        package internal(set) var source = ""
        package internal(set) var destination = ""

        mutating func add(_ record: FlowRecord) {
            flows += 1
            guard record.last >= last else { return }
            last = record.last
            source = record.source.name
            destination = record.destination.name
        }
    }

    /// `TCP 5432`, `ICMP`.
    package var portText: String { port.map { "\(transport.rawValue) \($0)" } ?? transport.rawValue }
}
