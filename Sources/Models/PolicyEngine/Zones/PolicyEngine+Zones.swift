package import APIMachinery
package import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    /// There are few zones, and each says something about all others: whichever changes, all are read anew.
    package mutating func upsert(_ zone: Zone) {
        let bare = Zone(name: zone.key.name, spec: zone.spec)
        guard zones[zone.key.name] != bare else { return }
        zones[zone.key.name] = bare
        applyZones()
    }

    package mutating func removeZone(_ name: String) {
        if zones.removeValue(forKey: name) != nil { applyZones() }
    }

    /// Says how late it is: holes close at their time.
    ///
    /// While no time is known, holes that close some time are closed.
    package mutating func setTime(_ time: APITime) {
        guard now != time else { return }
        let before = now
        now = time
        let expiries = zonePlan.zones.flatMap(\.holes).filter { $0.isOpen(at: before) != $0.isOpen(at: time) }
        guard !expiries.isEmpty else { return }
        partyChanges &+= 1
        applyZones()
    }

    /// The first moment after the time that was told at which a hole closes; nil if none will.
    package var nextExpiry: APITime? { ZonePlan.nextExpiry(of: zonePlan.zones, after: now) }

    mutating func applyZones() {
        zonePlan = ZonePlan(zones.values, now: now, podRanges: tenancy.ranges)
        let wanted = zonePlan.policies
        // What old and new policies share must not go and come.
        let held = zoneSlots.values.flatMap { policies[$0]?.setReferences ?? [] }
        for set in held { sets[set]?.uses += 1 }
        for (key, compiled) in wanted {
            let slot = zoneSlots[key]
            let source = PolicySource.zone(compiled)
            if let slot, policies[slot]?.source == source { continue }
            zoneSlots[key] = put(slot, source, compiled)
        }
        for (key, slot) in zoneSlots where wanted[key] == nil {
            zoneSlots[key] = nil
            remove(slot)
        }
        for set in held { release(set) }
        let diagnostics = zonePlan.diagnostics
        if diagnostics != zoneDiagnostics { diagnosticsMayDiffer = true }
        zoneDiagnostics = diagnostics
        // Whom the rule for pods without a zone names may be another.
        if let slot = zoneSlots[ZonePolicyKey(zone: "", step: .closed)], let closed = policies[slot] {
            stalePods.formUnion(closed.selected)
        }
    }

    /// What a rule is called where it decides about a pod.
    func id(of rule: RuleRecord, in policy: PolicyRecord, _ direction: Direction, for pod: PodRecord) -> RuleID {
        if let id = policy.id(of: rule, direction) { return id }
        let namespace = pod.facts.key.namespace
        return .notInOneZone(zoneConflict(of: namespace) ?? ZoneConflict(namespace: namespace, zones: []))
    }
}
