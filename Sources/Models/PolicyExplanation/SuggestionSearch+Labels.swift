import ClusterAPI
import PolicyEngine

extension SuggestionSearch {
    /// Labels that make an end the peer that it is not; nil if it takes more than labels.
    func labels(_ differences: [Difference], _ end: EndFacts) -> Candidate? {
        guard case .pod(let pod, var labels, var namespaceLabels) = end.kind else { return nil }
        var steps: [String] = []
        var hasPod = false
        var hasNamespace = false
        for difference in differences {
            switch difference {
            case .podLabel(let label):
                guard let step = label.apply(to: &labels) else { return nil }
                hasPod = true
                steps.append(step.text("pod \(pod)"))
            case .namespaceLabel(let label):
                guard label.requirement.key != "kubernetes.io/metadata.name",
                    let step = label.apply(to: &namespaceLabels)
                else { return nil }
                hasNamespace = true
                steps.append(step.text("namespace \(pod.namespace)"))
            default: return nil
            }
        }
        let edits =
            (hasPod ? [Edit.labelPod(pod, labels)] : [])
            + (hasNamespace ? [.labelNamespace(pod.namespace, namespaceLabels)] : [])
        return Candidate(hasNamespace ? .namespaceLabel : .podLabel, steps, edits)
    }

    /// Labels by which a policy that would allow selects the pod.
    func subjectLabels(_ policy: UnselectedPolicy, _ end: EndFacts) -> [Candidate] {
        guard let candidate = labels(policy.differences, end) else { return [] }
        let steps = candidate.steps.map { "\($0), so that \(policy.policy) selects it" }
        let rank = max(candidate.rank, Candidate.Rank.subjectLabel)
        return [Candidate(rank, steps, candidate.edits)]
    }
}

/// What becomes of one label.
private struct LabelStep {
    let key: String
    let value: String?

    func text(_ object: String) -> String {
        value.map { "label \(object) with \(key)=\($0)" } ?? "remove the label \(key) of \(object)"
    }
}

extension LabelDifference {
    /// Makes labels meet the requirement; nil if no label can.
    fileprivate func apply(to labels: inout [String: String]) -> LabelStep? {
        switch requirement.operator {
        case .in:
            guard let value = requirement.values?.first else { return nil }
            labels[requirement.key] = value
        case .exists: labels[requirement.key] = "true"
        case .notIn, .doesNotExist: labels[requirement.key] = nil
        case .unknown: return nil
        }
        return LabelStep(key: requirement.key, value: labels[requirement.key])
    }
}
