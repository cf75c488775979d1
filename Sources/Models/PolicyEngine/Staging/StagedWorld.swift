import ClusterAPI

/// The cluster as it would be if all that is staged were enforced: a second value of the same engine, beside the real one.
///
/// It is made when the first policy is staged and gone with the last. It depends on what exists, never on the order in
/// which that was heard of; the real engine is never changed.
package struct StagedWorld: Sendable {
    /// Nil while nothing is staged.
    package private(set) var engine: PolicyEngine?
    /// What is wrong with staged objects, sorted; as of the last `settle`.
    package private(set) var diagnostics: [PolicyDiagnostic] = []
    /// Another number whenever verdicts may be others: by what is staged, by a policy, or because somebody who speaks is
    /// another (labels of pods and namespaces, addresses, networks, a hole's end).
    package private(set) var revision: UInt64 = 0

    private var objects: [PolicyReference: StagedObject] = [:]
    /// Who is about a policy: the first by name stands for it.
    private var claims: [PolicyReference: Set<PolicyReference>] = [:]
    private var diagnosticsMayDiffer = false

    package init() {}

    /// All of these beside a cluster.
    package init(_ objects: [StagedObject], beside real: PolicyEngine) {
        for object in objects { upsert(object, beside: real) }
        settle(beside: real)
    }

    /// How many policies would be others.
    package var count: Int { claims.count }

    /// Stages a policy, or what stands in its object now.
    package mutating func upsert(_ object: StagedObject, beside real: PolicyEngine) {
        let reference = object.reference
        let old = objects.updateValue(object, forKey: reference)
        // What its status says is no news.
        guard old?.spec != object.spec else { return }
        replace(old?.target, by: object.target, of: reference, beside: real)
    }

    package mutating func remove(_ reference: PolicyReference, beside real: PolicyEngine) {
        guard let old = objects.removeValue(forKey: reference) else { return }
        replace(old.target, by: nil, of: reference, beside: real)
    }

    /// An event of the cluster that is about no policy.
    ///
    /// Most say nothing new: an object's status is not what verdicts depend on.
    package mutating func apply(_ event: (inout PolicyEngine) -> Void) {
        guard let before = engine?.partyRevision else { return }
        engine?.hear(event)
        if engine?.partyRevision != before { revision &+= 1 }
    }

    /// An event of an enforced policy: it is not heard of here while something staged stands for that policy.
    package mutating func apply(about policy: PolicyReference, _ event: (inout PolicyEngine) -> Void) {
        guard engine != nil else { return }
        diagnosticsMayDiffer = true
        guard claims[policy] == nil else { return }
        revision &+= 1
        engine?.hear(event)
    }

    /// Brings `diagnostics` up to date.
    package mutating func settle(beside real: PolicyEngine) {
        if engine?.discardChanges() == true { diagnosticsMayDiffer = true }
        guard diagnosticsMayDiffer else { return }
        diagnosticsMayDiffer = false
        diagnostics = findDiagnostics(beside: real)
    }

    private mutating func replace(
        _ old: PolicyReference?, by new: PolicyReference?, of reference: PolicyReference, beside real: PolicyEngine
    ) {
        diagnosticsMayDiffer = true
        revision &+= 1
        if let old {
            claims[old]?.remove(reference)
            if claims[old]?.isEmpty == true { claims[old] = nil }
        }
        if let new { claims[new, default: []].insert(reference) }
        guard !claims.isEmpty else {
            engine = nil
            return
        }
        if engine == nil { engine = real }
        for policy in Set([old, new].compactMap(\.self)) { place(policy, beside: real) }
    }

    /// Puts what holds in this world in the policy's place.
    private mutating func place(_ policy: PolicyReference, beside real: PolicyEngine) {
        let content: WrappedPolicy.Content?
        if let spec = claims[policy]?.min().flatMap({ objects[$0]?.spec }) {
            content = spec.action == .set ? spec.policy.content : nil
        } else {
            content = real.content(of: policy)
        }
        engine?.put(policy, content)
    }

    private func findDiagnostics(beside real: PolicyEngine) -> [PolicyDiagnostic] {
        var found = objects.values.compactMap(\.fault)
        var standing: [PolicyReference: PolicyReference] = [:]
        for (policy, claimants) in claims {
            let sorted = claimants.sorted()
            standing[policy] = sorted[0]
            found += sorted.dropFirst().map { other in
                diagnostic(of: other, "\(sorted[0]) stands for \(policy) already", "this one is not staged")
            }
            if objects[sorted[0]]?.spec.action == .delete, real.content(of: policy) == nil {
                found.append(diagnostic(of: sorted[0], "there is no \(policy)", "nothing changes"))
            }
        }
        found += (engine?.diagnostics ?? []).compactMap { wrapped in
            standing[wrapped.reference].map { staged in
                PolicyDiagnostic(
                    kind: staged.kind, policy: staged.key, path: "spec.policy.\(wrapped.path)",
                    message: wrapped.message, consequence: wrapped.consequence)
            }
        }
        return found.sorted()
    }

    private func diagnostic(of staged: PolicyReference, _ message: String, _ consequence: String) -> PolicyDiagnostic {
        PolicyDiagnostic(
            kind: staged.kind, policy: staged.key, path: "spec.policy.metadata.name", message: message,
            consequence: consequence)
    }
}
