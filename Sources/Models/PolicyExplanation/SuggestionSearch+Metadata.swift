import ClusterAPI
import PolicyEngine

extension SuggestionSearch {
    /// A MetadataAccess for the pods that look like this one.
    func metadataAccess(for pod: EndFacts) -> [Candidate] {
        guard case .pod(let key, _, _) = pod.kind else { return [] }
        let subject = ClusterPolicySubject(
            pods: NamespacedPods(
                namespaceSelector: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": key.namespace]),
                podSelector: LabelSelector(matchLabels: pod.selectingLabels)))
        let access = MetadataAccess(
            name: "\(key.namespace)-\(key.name)", spec: MetadataAccessSpec(subject: subject))
        let step = "create a MetadataAccess for \(pod.peerText)"
        return [Candidate(.policy, [step], [.metadataAccess(access)])]
    }
}
