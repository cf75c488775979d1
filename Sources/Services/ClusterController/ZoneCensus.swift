import APIMachinery
package import ClusterAPI
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
        func condition(_ type: String, _ problems: [String], _ good: String, _ bad: String, _ fine: String)
            -> ObjectCondition
        {
            ObjectCondition(
                type, problems: problems, reasons: (good, bad), fine: fine, earlier: zone.status?.conditions,
                generation: zone.metadata.generation, at: now)
        }
        self.init(
            conditions: [
                condition("Ready", findings, "AsWritten", "NotAsWritten", "the zone holds as it is written"),
                condition(
                    "MembersExclusive", conflicts, "NoConflict", "InSeveralZones", "no member is in another zone"),
            ], namespaces: members.count,
            pods: census.pods.values.count { members.contains($0) && engine.zoneConflict(of: $0) == nil },
            nodes: ownNodes.count)
    }

    /// As a merge patch has it.
    var document: JSONValue {
        [
            "conditions": .array((conditions ?? []).map(\.document)), "namespaces": .int(Int64(namespaces ?? 0)),
            "pods": .int(Int64(pods ?? 0)), "nodes": .int(Int64(nodes ?? 0)),
        ]
    }
}
