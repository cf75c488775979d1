import APIMachinery
import ClusterAPI
import EgressNames

extension CompiledPolicy {
    /// What cannot be understood is read so that it denies: see `docs/design/tiers.md`.
    init(_ form: ClusterPolicyForm, _ input: PolicyEngine.Input) {
        let broken = BrokenClusterParts(form)
        place = PolicyPlace(
            tier: form.tier, priority: form.priority ?? PolicyPlace.first, policy: PolicyReference(form.kind, form.key))
        subject = broken.subject ? form.subject.widened : form.subject.understood
        diagnostics = broken.diagnostics(form)
        guard let rules = form.rules else {
            // Nothing can be read: it may be any deny of its tier.
            ingress = [.everythingDenied(nil)]
            egress = ingress
            return
        }
        ingress = Self.compile(rules.ingress, .ingress, broken, input)
        egress = Self.compile(rules.egress, .egress, broken, input)
    }

    /// Nil without rules: the policy does not touch the direction.
    private static func compile(
        _ rules: [ClusterPolicyForm.Rule], _ direction: Direction, _ broken: BrokenClusterParts,
        _ input: PolicyEngine.Input
    ) -> [CompiledRule]? {
        if rules.isEmpty { return nil }
        let compiled = rules.enumerated().flatMap { index, rule in
            if !broken.isBroken(direction, index), let action = rule.action {
                return CompiledRule.rules(index, direction, action, rule, input)
            }
            return rule.action == .allow ? [] : [.everythingDenied(index, rule.name)]
        }
        return broken.isDoubtful ? compiled.compactMap(\.doubted) : compiled
    }
}

/// Which parts of a cluster-wide policy the errors lie in.
private struct BrokenClusterParts {
    var subject = false
    private var hasPriority = true
    private var rules: Set<FieldPath> = []

    init(_ form: ClusterPolicyForm) {
        hasPriority = form.priority != nil
        for error in form.errors where !error.isAboutSize {
            let steps = error.path.steps
            switch steps.dropFirst().first {
            case .field("subject"): subject = true
            case .field("ingress"), .field("egress"): rules.insert(FieldPath(Array(steps.prefix(3))))
            // An unknown tier counts as Admin, and a priority out of bounds stands where its number puts it.
            default: break
            }
        }
    }

    /// True if it is unclear which pods the policy is about, or before which others it comes.
    var isDoubtful: Bool { subject || !hasPriority }

    func isBroken(_ direction: Direction, _ index: Int) -> Bool {
        rules.contains(FieldPath()["spec"][direction.rawValue][index])
    }

    func diagnostics(_ form: ClusterPolicyForm) -> [PolicyDiagnostic] {
        let errors = form.errors.map { error in
            PolicyDiagnostic(
                kind: form.kind, policy: form.key, path: error.field, message: error.body,
                consequence: error.isAboutSize ? "it holds as it is written" : consequence(error.path, form))
        }
        return errors + unreadableNames(form)
    }

    private func consequence(_ path: FieldPath, _ form: ClusterPolicyForm) -> String {
        guard form.rules != nil else {
            return form.tier == .baseline
                ? "the policy denies everything that comes to its tier" : "the policy denies everything to every pod"
        }
        switch path.steps.dropFirst().first {
        case .field("subject"):
            return "the policy counts for every pod that it may mean, where it allows nothing and denies what it passes"
        case .field("priority"):
            return hasPriority
                ? "it stands where its number puts it"
                : "it comes before all others, where it allows nothing and denies what it passes"
        case .field("tier"): return "it counts as Admin"
        case .field("name"): return "the policy has no effect"
        default: return isOfAllowing(path, form) ? "this rule allows nothing" : "this rule denies everything"
        }
    }

    private func isOfAllowing(_ path: FieldPath, _ form: ClusterPolicyForm) -> Bool {
        guard path.steps.count > 2, case .index(let index) = path.steps[2], let rules = form.rules else { return false }
        let list = path.steps[1] == .field("ingress") ? rules.ingress : rules.egress
        return list.indices.contains(index) && list[index].action == .allow
    }

    /// Names that the API takes, and that are none.
    private func unreadableNames(_ form: ClusterPolicyForm) -> [PolicyDiagnostic] {
        (form.rules?.egress ?? []).enumerated().flatMap { index, rule in
            rule.peers.enumerated().flatMap { place, peer in
                (peer.domainNames ?? []).enumerated().compactMap { number, text -> PolicyDiagnostic? in
                    guard rule.action == .allow, !isBroken(.egress, index), let problem = NameDialect.problem(text)
                    else { return nil }
                    return PolicyDiagnostic(
                        kind: form.kind, policy: form.key,
                        path: "spec.egress[\(index)].to[\(place)].domainNames[\(number)]",
                        message: "'\(text)' \(problem)", consequence: "this name allows nothing")
                }
            }
        }
    }
}

extension NameDialect {
    fileprivate static func problem(_ text: String) -> NamePatternProblem? {
        do throws(NamePatternProblem) {
            _ = try networkPolicyAPI.pattern(text)
            return nil
        } catch {
            return error
        }
    }
}

extension ClusterPolicySubject? {
    /// Exactly one field is set.
    var understood: PolicySubject {
        let pods = self?.pods
        let namespaces = self?.namespaces ?? pods?.namespaceSelector ?? LabelSelector()
        return PolicySubject(
            namespaces: .matching(namespaces.normalized), pods: (pods?.podSelector ?? LabelSelector()).normalized)
    }

    /// At least all pods that were meant.
    fileprivate var widened: PolicySubject {
        let everyone = PolicySubject(namespaces: .matching(LabelSelector()), pods: LabelSelector())
        guard let subject = self, (subject.namespaces == nil) != (subject.pods == nil) else { return everyone }
        let pods = subject.pods.map {
            NamespacedPods(namespaceSelector: $0.namespaceSelector?.widened, podSelector: $0.podSelector?.widened)
        }
        return ClusterPolicySubject?(ClusterPolicySubject(namespaces: subject.namespaces?.widened, pods: pods))
            .understood
    }
}
