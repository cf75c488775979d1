import ClusterAPI

extension PolicyEngine {
    /// Enters a policy where the pods that it is about will find it.
    mutating func enter(_ policy: Int, _ subject: PolicySubject) {
        if case .named(let name) = subject.namespaces {
            namespaces[name]?.subjects.insert(policy, subject.pods)
            return
        }
        for scope in scopes(of: subject) {
            let slot = enter(scope)
            scopes[slot]?.subjects.insert(policy, subject.pods)
        }
    }

    /// The opposite, but for what a new version of the policy has entered already.
    mutating func leave(_ policy: Int, _ subject: PolicySubject, keeping next: PolicySubject?) {
        if case .named(let name) = subject.namespaces {
            namespaces[name]?.subjects.remove(policy, subject.pods)
            if let next, case .named(name) = next.namespaces { namespaces[name]?.subjects.insert(policy, next.pods) }
            return
        }
        let kept = next.map { scopes(of: $0) } ?? []
        for scope in scopes(of: subject) {
            guard let slot = scopeSlots[scope] else { continue }
            scopes[slot]?.subjects.remove(policy, subject.pods)
            if let next, kept.contains(scope) { scopes[slot]?.subjects.insert(policy, next.pods) }
            leaveIfUnused(slot)
        }
    }

    /// The namespaces that are certainly meant, and those that may be.
    private func scopes(of subject: PolicySubject) -> [NamespaceScope] {
        guard case .matching(let selector) = subject.namespaces, input == .live, !selector.asksNameOnly else {
            return [subject.namespaces]
        }
        return [subject.namespaces, .doubtful(selector)]
    }

    /// Finds the pods that a new or changed policy selects; all that it selects or selected are stale.
    mutating func reselect(_ policy: Int) {
        guard let record = policies[policy] else { return }
        var selected: Set<Int> = []
        for scope in scopes(of: record.subject) {
            let isDoubted = isDoubtful(scope)
            for pod in affectedPods(scope, record.subject.pods) {
                guard let facts = pods[pod]?.facts, !facts.isHostNetwork, record.subject.pods.matches(facts.labels)
                else { continue }
                selected.insert(pod)
                select(policy, for: pod, isDoubted: isDoubted)
            }
        }
        for pod in record.selected.subtracting(selected) { deselect(policy, from: pod) }
        stalePods.formUnion(record.selected)
        stalePods.formUnion(selected)
        policies[policy]?.selected = selected
    }

    private func isDoubtful(_ scope: NamespaceScope) -> Bool {
        if case .doubtful = scope { true } else { false }
    }

    private mutating func select(_ policy: Int, for pod: Int, isDoubted: Bool) {
        if pods[pod]?.policies.containsSorted(policy) == false { pods[pod]?.policies.insertSorted(policy) }
        guard pods[pod]?.doubts.containsSorted(policy) != isDoubted else { return }
        if isDoubted {
            pods[pod]?.doubts.insertSorted(policy)
        } else {
            pods[pod]?.doubts.removeAll { $0 == policy }
        }
    }

    mutating func deselect(_ policy: Int, from pod: Int) {
        pods[pod]?.policies.removeAll { $0 == policy }
        pods[pod]?.doubts.removeAll { $0 == policy }
    }

    /// The policies that select a pod with these labels, and those of them that may not.
    func selectingPolicies(
        _ labels: [String: String], in namespace: NamespaceRecord
    ) -> (policies: [Int], doubts: [Int]) {
        var selecting: [Int] = []
        var doubts: [Int] = []
        namespace.subjects.forEachCandidate(labels) { policy in
            if policies[policy]?.subject.pods.matches(labels) == true { selecting.append(policy) }
        }
        for slot in namespace.scopes {
            guard let scope = scopes[slot], !scope.subjects.isEmpty else { continue }
            let isDoubted = isDoubtful(scope.scope)
            scope.subjects.forEachCandidate(labels) { policy in
                guard policies[policy]?.subject.pods.matches(labels) == true else { return }
                selecting.append(policy)
                if isDoubted { doubts.append(policy) }
            }
        }
        return (selecting.sorted(), doubts.sorted())
    }
}
