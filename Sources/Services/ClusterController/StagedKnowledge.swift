package import ClusterAPI
package import PolicyEngine

/// What is staged beside which policies, and what the statuses are to say of it.
package struct StagedKnowledge: Sendable {
    /// Policies alone: who is there makes no difference to whether something is understood.
    private var engine = PolicyEngine(input: .live)
    private var world = StagedWorld()
    private var objects: [PolicyReference: Entry] = [:]

    private struct Entry {
        var generation: Int64?
        var status: StagedPolicyStatus?
        /// Why the object cannot be read.
        var fault: String?
    }

    package init() {}

    /// An object that stages something, and its status.
    package mutating func upsert(
        _ object: StagedObject, generation: Int64?, status: StagedPolicyStatus?
    ) {
        objects[object.reference] = Entry(generation: generation, status: status)
        world.upsert(object, beside: engine)
    }

    /// One that nobody understands: it stages nothing, and its status is not known, but for what was written here.
    package mutating func upsert(unreadable reference: PolicyReference, _ reason: String) {
        objects[reference] = Entry(status: objects[reference]?.status, fault: reason)
        world.remove(reference, beside: engine)
    }

    package mutating func removeStaged(_ reference: PolicyReference) {
        objects[reference] = nil
        world.remove(reference, beside: engine)
    }

    /// An event of a policy that is enforced.
    package mutating func hear(about policy: PolicyReference, _ event: (inout PolicyEngine) -> Void) {
        event(&engine)
        world.apply(about: policy, event)
    }

    /// The statuses that are to be written, in order.
    package mutating func wanted(at now: Timestamp) -> [(PolicyReference, StagedPolicyStatus)] {
        engine.setTime(now)
        world.apply { $0.setTime(now) }
        world.settle(beside: engine)
        let findings = Dictionary(grouping: world.diagnostics, by: \.reference)
        return objects.sorted { $0.key < $1.key }.compactMap { reference, entry in
            let found = (findings[reference] ?? []).map { "\($0.path): \($0.message); \($0.consequence)" }
            let unread = entry.fault.map { ["it cannot be read, so nothing is staged: \($0)"] } ?? []
            let condition = ObjectCondition(
                "Ready", problems: unread + found, reasons: ("AsWritten", "NotAsWritten"),
                fine: "it is tried as it is written", earlier: entry.status?.conditions, generation: entry.generation,
                at: now)
            let status = StagedPolicyStatus(conditions: [condition])
            return status == entry.status ? nil : (reference, status)
        }
    }

    /// A status was written.
    package mutating func note(_ status: StagedPolicyStatus, of reference: PolicyReference) {
        objects[reference]?.status = status
    }
}
