package import ClusterAPI

/// Pods of one namespace that have the same labels, but for those that controllers put on single pods and templates.
package struct Workload: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let namespace: String
    package let labels: [String: String]

    package init(namespace: String, labels: [String: String]) {
        self.namespace = namespace
        self.labels = labels.filter { !Self.passingLabels.contains($0.key) }
    }

    package init(_ pod: Pod) { self.init(namespace: pod.key.namespace, labels: pod.labels) }

    /// Labels that say which pod of a workload this is, or which edition of its template: the next pod has others.
    package static let passingLabels: Set<String> = [
        "pod-template-hash", "controller-revision-hash", "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index", "job-name", "controller-uid",
        "rollouts-pod-template-hash",
    ]

    /// The labels by which people name workloads, the best first.
    package static let namingLabels = [
        "app.kubernetes.io/name", "app", "k8s-app", "name", "app.kubernetes.io/instance", "app.kubernetes.io/component",
        "component", "tier", "role", "app.kubernetes.io/part-of",
    ]

    /// The label that names it best.
    package var naming: (key: String, value: String)? {
        let keys = Self.namingLabels.filter { labels[$0] != nil } + labels.keys.sorted()
        return keys.first.flatMap { key in labels[key].map { (key, $0) } }
    }

    /// `shop/app=web`; pods without labels are `shop/(no labels)`.
    package var description: String { "\(namespace)/\(naming.map { "\($0.key)=\($0.value)" } ?? "(no labels)")" }

    package static func < (left: Workload, right: Workload) -> Bool {
        (left.namespace, left.text) < (right.namespace, right.text)
    }

    private var text: String {
        let own = naming?.value ?? ""
        return own + "\u{0}" + labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
