import EgressSelection
import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceModel
package import ServiceVerdicts

/// Why a connection is allowed or denied, on each way that it may take.
package struct ConnectionReport: Sendable {
    package struct ExplainedWay: Sendable {
        package let way: Way
        /// Nil for a way that ends before any policy is asked.
        package let explanation: ExplanationReport?
    }

    package let judgement: Judgement
    /// Those that are denied first.
    package let ways: [ExplainedWay]

    init(_ judgement: Judgement, explaining explain: (Flow, Departure?) -> ExplanationReport) {
        self.judgement = judgement
        let ordered = judgement.ways.filter { !$0.isAllowed } + judgement.ways.filter(\.isAllowed)
        ways = ordered.map { way in ExplainedWay(way: way, explanation: way.flow.map { explain($0, way.departure) }) }
    }

    /// The one explanation of a connection that goes where it says; nil where services have to do with it.
    package var plain: ExplanationReport? { judgement.isServices ? nil : ways.first?.explanation }

    var title: String { plain?.explanation.flow.title ?? judgement.question.title }

    /// The drops that a packet may meet before any policy is asked.
    var drops: Set<String> {
        let stops = ways.compactMap { if case .stopped(let stop) = $0.way.course { stop.drop } else { nil } }
        let closed = ways.contains { $0.way.departure?.isClosed == true }
        return Set(stops + (closed ? [Departure.drop] : []))
    }

    /// The way of a packet that was seen on its way to an address; nil while it could be one of several.
    func way(to destination: SocketAddress?) -> ExplainedWay? {
        if ways.count == 1 { return ways.first }
        guard let destination else { return nil }
        return ways.first { explained in
            let backend = explained.way.endpoint?.backend
            return backend?.address == destination.address && backend?.port == destination.port
        }
    }

    /// As policies see it on a way, or as the client opens it.
    func flow(taken: ExplainedWay?) -> Flow { taken?.way.flow ?? judgement.asked }

    func text(_ format: ListFormat) -> String {
        if let plain { return plain.text(format) }
        switch format {
        case .table: return table
        case .json: return json + "\n"
        }
    }

    /// So many ways are shown to people.
    private static let greatestCount = 3

    private var table: String {
        var out = IndentedText()
        let answer = judgement.answer
        out.add("\(judgement.question.title): \(answer.rule)", mark: answer.isAllowed ? "ALLOWED  " : "DENIED  ")
        var text = out.text
        for (index, explained) in ways.prefix(Self.greatestCount).enumerated() {
            text += "\n" + heading(index, explained.way) + "\n" + (explained.explanation?.text(.table) ?? "")
        }
        guard ways.count > Self.greatestCount else { return text }
        var rest = IndentedText()
        rest.add()
        rest.add("and \(ways.count - Self.greatestCount) more ways, none worse (all: -o json)")
        return text + rest.text
    }

    private func heading(_ index: Int, _ way: Way) -> String {
        var out = IndentedText()
        let target = way.endpoint.map { "Service \($0.service) → \($0.name)" } ?? "no endpoint"
        out.add("way \(index + 1) of \(ways.count): \(target)")
        if case .stopped(let stop) = way.course { out.add("\(stop)", indent: 2) }
        return out.text
    }

    private var json: String {
        let (question, answer) = (judgement.question, judgement.answer)
        return JSONText.object([
            ("from", JSONText.string("\(question.from)")), ("to", JSONText.string("\(question.to)")),
            ("protocol", JSONText.string(question.transport.rawValue)),
            ("port", question.port.map { "\($0)" } ?? "null"),
            ("verdict", JSONText.string(answer.isAllowed ? "allow" : "deny")),
            ("rule", JSONText.string(answer.rule)),
            ("ways", "[" + ways.map(Self.json).joined(separator: ", ") + "]"),
        ])
    }

    private static func json(_ explained: ExplainedWay) -> String {
        let (way, endpoint) = (explained.way, explained.way.endpoint)
        var stop: Stop?
        if case .stopped(let found) = way.course { stop = found }
        return JSONText.object([
            ("service", endpoint.map { JSONText.string("\($0.service)") } ?? "null"),
            ("endpoint", endpoint.map { JSONText.string("\($0.backend)") } ?? "null"),
            ("pod", (endpoint?.pod).map { JSONText.string("\($0)") } ?? "null"),
            ("verdict", JSONText.string(way.isAllowed ? "allow" : "deny")),
            ("stopped", stop.map { JSONText.string("\($0)") } ?? "null"),
            ("explanation", explained.explanation?.json ?? "null"),
        ])
    }
}
