import APIMachinery
package import ClusterAPI
package import KubernetesClient
package import PolicyEngine

/// Everybody who may be in a zone, by name.
package struct ZoneCensus: Hashable, Sendable {
    package var namespaces: Set<String> = []
    package var nodes: Set<String> = []
    /// Living pods with a network of their own, and their namespaces.
    package var pods: [ObjectKey: String] = [:]

    package init() {}
}

extension PolicyEngine {
    mutating func setTime(_ now: Timestamp) { setTime(APITime(microseconds: now.microsecondsSince1970)) }
}

extension ZoneStatus {
    /// The status that a zone should have; a condition that says the same as before keeps its time.
    package init(of zone: Zone, _ engine: PolicyEngine, _ census: ZoneCensus, at now: Timestamp) {
        let name = zone.key.name
        let members = census.namespaces.filter { engine.zones(ofNamespace: $0).contains(name) }
        let ownNodes = census.nodes.filter { engine.zones(ofNode: $0).contains(name) }
        let findings = engine.diagnostics.filter { $0.kind == .zone && $0.policy.name == name }
            .map { "\($0.path): \($0.message); \($0.consequence)" }
        let conflicts =
            members.compactMap { engine.zoneConflict(of: $0)?.description }.sorted()
            + ownNodes.sorted().compactMap { node in
                let zones = engine.zones(ofNode: node)
                return zones.count > 1 ? "node \(node) belongs to zones \(zones.joined(separator: " and "))" : nil
            }
        func condition(_ type: String, _ problems: [String], good: String, bad: String, _ fine: String) -> Condition {
            let status = problems.isEmpty ? "True" : "False"
            let old = zone.status?.conditions?.first { $0.type == type && $0.status == status }
            return Condition(
                type: type, status: status, reason: problems.isEmpty ? good : bad,
                message: problems.isEmpty ? fine : Self.list(problems), observedGeneration: zone.metadata.generation,
                lastTransitionTime: old?.lastTransitionTime ?? now.seconds)
        }
        self.init(
            conditions: [
                condition(
                    "Ready", findings, good: "AsWritten", bad: "NotAsWritten", "the zone holds as it is written"),
                condition(
                    "MembersExclusive", conflicts, good: "NoConflict", bad: "InSeveralZones",
                    "no member is in another zone"),
            ], namespaces: members.count,
            pods: census.pods.values.count { members.contains($0) && engine.zoneConflict(of: $0) == nil },
            nodes: ownNodes.count)
    }

    private static func list(_ texts: [String]) -> String {
        texts.prefix(5).joined(separator: "; ") + (texts.count > 5 ? "; and \(texts.count - 5) more" : "")
    }

    /// As a merge patch has it.
    var document: JSONValue {
        let list = (conditions ?? []).map { condition -> JSONValue in
            var document: JSONValue = [
                "type": .string(condition.type), "status": .string(condition.status),
                "reason": .string(condition.reason), "message": .string(condition.message),
            ]
            if let generation = condition.observedGeneration { document["observedGeneration"] = .int(generation) }
            if let time = condition.lastTransitionTime { document["lastTransitionTime"] = .string(time) }
            return document
        }
        return [
            "conditions": .array(list), "namespaces": .int(Int64(namespaces ?? 0)), "pods": .int(Int64(pods ?? 0)),
            "nodes": .int(Int64(nodes ?? 0)),
        ]
    }
}
