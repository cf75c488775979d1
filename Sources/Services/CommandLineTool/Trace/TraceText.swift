import Lab
import PolicyEngine
import ServiceVerdicts

extension TraceReport {
    func text(_ format: ListFormat) -> String {
        switch format {
        case .table: table
        case .json: json + "\n"
        }
    }

    /// What the kernel did first, then what policies say.
    private var table: String {
        var out = IndentedText()
        out.add("\(connection.title): \(headline)", mark: "TRACE  ")
        for way in trace.ways {
            out.add()
            out.add("node \(way.node)" + (way.isComplete ? "" : " (some of it is lost: the kernel told too much)"))
            for step in way.steps {
                out.add("\(step.chain): \(step.rule ?? "end of the chain")", indent: 2)
                let table = step.table == "gabion" ? "" : "   (table \(step.table))"
                out.add("\(step.verdict)\(table)", indent: 4, mark: "→ ")
            }
        }
        out.add()
        if let endpoint = taken?.way.endpoint { out.add("led to \(endpoint.name) of Service \(endpoint.service)") }
        if let outcome = trace.outcome { out.add("the sender saw: \(outcome)") }
        out.add(comparison)
        for limit in limits { out.add(limit, mark: "not seen: ") }
        return out.text + "\n" + (explanation?.text(.table) ?? connection.text(.table))
    }

    private var headline: String {
        if let (node, step) = trace.death { return "dropped on node \(node) by \(step.rule ?? step.chain)" }
        guard let outcome = trace.outcome else { return trace.ways.isEmpty ? "nothing seen" : "passed here" }
        return outcome.isReached ? "arrived" : "no rule dropped it, and no answer came"
    }

    private var comparison: String {
        switch finding {
        case .agreement: "the kernel does what the explanation says"
        case .beforePolicies(let drop): "dropped before any policy was asked: \(drop) (\(Self.meaning(drop)))"
        case .difference(let what): "THE KERNEL DIFFERS: \(what). Is a change on its way to the node? gabion status"
        case .unseen(let what): what
        }
    }

    /// Why each of the datapath's named drops happens.
    private static func meaning(_ drop: String) -> String {
        switch drop {
        case "drop_spoof": "a pod's packet with an address or MAC that is not the pod's"
        case "drop_tunnel_from_pod": "a pod may not speak the overlay's own protocol"
        case "drop_overlay_spoof", "drop_underlay_spoof": "a source that cannot come from there"
        case "drop_invalid": "it fits no connection"
        case "drop_unknown": "no attached pod has the address"
        case "drop_closed": "the pod's policies are not known yet, or no longer"
        case "drop_unserved": "nobody serves at that port of a service"
        case "drop_source_range": "the service's loadBalancerSourceRanges do not have the source"
        case "drop_metadata": "a MetadataAccess lets pods reach the cloud's metadata"
        case "drop_no_egress_address": "whom it leaves for has no active address: nothing leaves with another"
        case "drop_egress_stray": "it is not on the way to the node that holds its egress address"
        case "drop_loopback": "a loopback address is for the node's own processes"
        default: "see docs/design/datapath.md"
        }
    }

    private var json: String {
        let ways = trace.ways.map { way in
            let steps = way.steps.map { step in
                JSONText.object([
                    ("table", JSONText.string(step.table)), ("chain", JSONText.string(step.chain)),
                    ("rule", step.rule.map(JSONText.string) ?? "null"),
                    ("verdict", JSONText.string("\(step.verdict)")),
                ])
            }
            return JSONText.object([
                ("node", JSONText.string(way.node)), ("complete", "\(way.isComplete)"),
                ("steps", "[" + steps.joined(separator: ", ") + "]"),
            ])
        }
        let death = trace.death.map { death in
            JSONText.object([
                ("node", JSONText.string(death.node)), ("chain", JSONText.string(death.step.chain)),
                ("rule", death.step.rule.map(JSONText.string) ?? "null"),
            ])
        }
        return JSONText.object([
            ("outcome", trace.outcome.map { JSONText.string("\($0)") } ?? "null"),
            ("dropped", death ?? "null"), ("comparison", JSONText.string(comparison)),
            ("nodes", "[" + ways.joined(separator: ", ") + "]"),
            ("limits", "[" + limits.map(JSONText.string).joined(separator: ", ") + "]"),
            ("endpoint", (taken?.way.endpoint).map { JSONText.string("\($0.backend)") } ?? "null"),
            ("explanation", explanation?.json ?? "null"),
        ])
    }
}
