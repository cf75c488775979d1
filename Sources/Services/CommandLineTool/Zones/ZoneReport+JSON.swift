import APIMachinery
import ClusterAPI
import PolicyEngine

/// The report for programs: one JSON object with members in a fixed order.
extension ZoneReport {
    package var json: String { JSONText.object(jsonMembers) + "\n" }

    var jsonMembers: [(String, String)] {
        [
            ("at", JSONText.string(time.text)), ("zones", Self.array(zones.map(Self.json))),
            ("matrix", Self.array(matrixJSON)), ("holes", Self.array(holes.map { Self.json($0) })),
            ("conflicts", Self.array(conflicts.map { Self.json($0.conflict, $0.pods) })),
            ("sharedNodes", Self.array(sharedNodes.map(Self.json))),
            (
                "diagnostics",
                Self.array(
                    diagnostics.map { finding in
                        JSONText.object([
                            ("zone", JSONText.string(finding.policy.name)), ("field", JSONText.string(finding.path)),
                            ("message", JSONText.string(finding.message)),
                            ("consequence", JSONText.string(finding.consequence)),
                        ])
                    })
            ),
        ]
    }

    static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }
    static func texts(_ texts: [String]) -> String { array(texts.map(JSONText.string)) }

    private var matrixJSON: [String] {
        places.flatMap { source in
            places.map { target in
                let posture =
                    switch self.posture(from: source, to: target) {
                    case .inside: "inside"
                    case .open: "open"
                    case .closed: "closed"
                    case .holes: "holes"
                    }
                let holes = source.flatMap { from in target.map { openHoles(from: from, to: $0) } } ?? []
                return JSONText.object([
                    ("from", source.map(JSONText.string) ?? "null"), ("to", target.map(JSONText.string) ?? "null"),
                    ("posture", JSONText.string(posture)), ("holes", Self.texts(holes.map(\.name))),
                ])
            }
        }
    }

    private static func json(_ zone: Member) -> String {
        JSONText.object([
            ("name", JSONText.string(zone.name)), ("order", zone.order.map(String.init) ?? "null"),
            ("external", JSONText.string(zone.isOpenToOutside ? "Allow" : "Deny")),
            ("namespaces", JSONText.string(zone.namespaces)), ("pods", String(zone.podCount)),
            ("nodes", texts(zone.nodes)), ("cidrs", texts(zone.cidrs)),
        ])
    }

    static func json(_ hole: Hole) -> String {
        let state =
            switch hole.state {
            case .open: "open"
            case .expired: "expired"
            case .broken: "broken"
            }
        return JSONText.object([
            ("zone", JSONText.string(hole.zone)), ("name", JSONText.string(hole.name)),
            ("from", JSONText.string(hole.from)), ("source", JSONText.string(hole.source)),
            ("target", JSONText.string(hole.target)), ("ports", JSONText.string(hole.ports)),
            ("owner", JSONText.string(hole.owner)), ("reason", JSONText.string(hole.reason)),
            ("expires", hole.expires.map(JSONText.string) ?? "null"), ("state", JSONText.string(state)),
        ])
    }

    private static func json(_ conflict: ZoneConflict, _ pods: [ObjectKey]) -> String {
        JSONText.object([
            ("namespace", JSONText.string(conflict.namespace)), ("zones", texts(conflict.zones)),
            ("pods", texts(pods.map(\.description))),
        ])
    }

    private static func json(_ node: String, _ zones: [String]) -> String {
        JSONText.object([("node", JSONText.string(node)), ("zones", texts(zones))])
    }
}
