import ClusterAPI
import FlowModel
import Foundation

/// Flows for terminals, spreadsheets and scripts.
enum FlowText {
    static let header = [
        "start", "end", "node", "verdict", "protocol", "source", "source_port", "destination", "destination_port",
        "rule",
        "egress_rule", "ingress_rule", "staged", "packets", "bytes", "packets_back", "bytes_back", "source_address",
        "destination_address", "source_zone", "destination_zone", "source_labels", "destination_labels",
        "destination_names", "egress_address", "egress_node",
    ]

    static func fields(_ flow: FlowRecord) -> [String] {
        [
            time(flow.start), flow.end.map(time) ?? "", flow.observer, flow.verdict.rawValue, flow.protocolName,
            flow.source.name, port(flow.source), flow.destination.name, port(flow.destination), flow.rule,
            flow.egress?.rule ?? "", flow.ingress?.rule ?? "", staged(flow), "\(flow.forward.packets)",
            "\(flow.forward.bytes)", "\(flow.backward.packets)", "\(flow.backward.bytes)",
            "\(flow.source.address)", "\(flow.destination.address)", flow.source.zone ?? "",
            flow.destination.zone ?? "", labels(flow.source), labels(flow.destination),
            (flow.destination.names ?? []).joined(separator: " "), flow.exit?.address.map { "\($0)" } ?? "",
            flow.exit?.node ?? "",
        ]
    }

    static let tableHeader = [
        "START", "NODE", "VERDICT", "PROTOCOL", "SOURCE", "DESTINATION", "STATE", "PACKETS", "BYTES", "RULE",
    ]

    static func tableRow(_ flow: FlowRecord) -> [String] {
        let mark = flow.isCounted ? "" : "≥"
        return [
            second(flow.start), flow.observer, flow.verdict.rawValue, flow.protocolName, end(flow.source),
            end(flow.destination), state(flow), "\(mark)\(flow.forward.packets)/\(flow.backward.packets)",
            "\(mark)\(flow.forward.bytes)/\(flow.backward.bytes)", flow.rule + exit(flow) + stagedIfOther(flow),
        ]
    }

    /// What stands above `followLine`s.
    static let followHeader = followLine(tableHeader)

    /// One flow after another, as they come: columns as wide as they usually need to be.
    static func followLine(_ flow: FlowRecord) -> String { followLine(tableRow(flow)) }

    private static func followLine(_ row: [String]) -> String {
        let widths = [22, 12, 9, 10, 30, 30, 9, 9, 13]
        let padded = zip(row, widths).map { $0.padded(to: $1) }.joined()
        let text = padded + (row.last ?? "")
        return Terminal.printable(text)
    }

    static func json(_ flow: FlowRecord) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard
            var document = (try? encoder.encode(flow)).flatMap({ try? JSONDecoder().decode(JSONValue.self, from: $0) })
        else { return "{}" }
        document["rule"] = .string(flow.rule)
        document["protocol"] = .string(flow.protocolName)
        document["start"] = .string(time(flow.start))
        document["last"] = .string(time(flow.last))
        document["end"] = flow.end.map { .string(time($0)) }
        return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func time(_ microseconds: Int64) -> String { Timestamp(microsecondsSince1970: microseconds).micros }

    /// `2026-11-23T15:24:07Z`: what a table has room for.
    private static func second(_ microseconds: Int64) -> String { time(microseconds).prefix(19) + "Z" }

    private static func port(_ end: FlowEndpoint) -> String { end.port.map { "\($0)" } ?? "" }

    private static func end(_ end: FlowEndpoint) -> String {
        let port = end.port.map { ":\($0)" } ?? ""
        // The first name is enough here; the others are in JSON and CSV.
        return end.names?.first.map { "\($0)\(port) (\(end.name))" } ?? end.name + port
    }

    private static func labels(_ end: FlowEndpoint) -> String {
        (end.labels ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// `; as 192.0.2.7 by node-2`.
    private static func exit(_ flow: FlowRecord) -> String {
        guard let exit = flow.exit else { return "" }
        return "; " + (exit.address.map { "as \($0) " } ?? "") + "by \(exit.node)"
    }

    private static func staged(_ flow: FlowRecord) -> String {
        flow.staged.map { "would \($0.allowed ? "allow" : "deny") (\($0.rule))" } ?? ""
    }

    /// For tables: nothing where staged policies would decide the same by the same rule.
    private static func stagedIfOther(_ flow: FlowRecord) -> String {
        guard let staged = flow.staged, staged.allowed != (flow.verdict == .allowed) || staged.rule != flow.rule else {
            return ""
        }
        return "; staged: " + Self.staged(flow)
    }

    private static func state(_ flow: FlowRecord) -> String {
        guard let end = flow.end else { return "open" }
        let milliseconds = max(0, end - flow.start) / 1000
        return milliseconds < 10_000 ? "\(milliseconds)ms" : "\(milliseconds / 1000)s"
    }
}
