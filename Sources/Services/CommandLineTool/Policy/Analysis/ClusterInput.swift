package import APIMachinery
package import ClusterAPI
package import Lab
package import ManifestFiles
import NetworkTypes
package import PolicyEngine

/// A cluster to analyse: what manifests describe, or a live one that manifests are applied to.
package struct ClusterInput: Sendable {
    package let engine: PolicyEngine
    package let nodes: [Node]
    /// What a person should know about the input; it did not keep us from answering.
    package let warnings: [String]
    /// What is only tried; no part of `engine`.
    let staged: [StagedObject]
    private let pods: [ObjectKey: Pod]

    /// Pods, and those that workloads will have; namespaces, nodes and policies.
    ///
    /// - Parameter base: The cluster that the objects are applied to, as `kubectl apply` would: nothing is taken away.
    /// - Parameter time: Holes between zones that end have ended then, or not.
    package init(
        _ objects: [ManifestObject], over base: ClusterInput? = nil, at time: APITime = .now
    ) throws(ManifestErrors) {
        let world = try PolicyWorld(objects, over: base?.engine ?? PolicyEngine(), at: time)
        var engine = world.engine
        var pods = base?.pods ?? [:]
        let written = objects.filter { $0.isKind(of: Pod.self) }.compactMap { try? $0.decode(Pod.self) }
        for var pod in written {
            // Where a pod runs, and with which address, the live cluster knows better.
            if let live = pods[pod.key] {
                pod.status = live.status
                pod.spec?.nodeName = live.spec?.nodeName
                engine.upsert(pod)
            }
            pods[pod.key] = pod
        }
        for pod in WorkloadPods.pods(in: objects, besides: Array(pods.values)) {
            engine.upsert(pod)
            pods[pod.key] = pod
        }
        let nodes = objects.filter { $0.isKind(of: Node.self) }.compactMap { try? $0.decode(Node.self) }
        self.engine = engine
        self.pods = pods
        self.nodes = (base?.nodes ?? []) + nodes
        staged = (base?.staged ?? []) + world.staged
        warnings = world.warnings
    }

    /// The same cluster with everything staged enforced; nil if nothing is staged.
    package var withStagedEnforced: ClusterInput? {
        StagedWorld(staged, beside: engine).engine.map { ClusterInput(self, $0) }
    }

    private init(_ other: ClusterInput, _ engine: PolicyEngine) {
        self.engine = engine
        nodes = other.nodes
        pods = other.pods
        staged = []
        warnings = []
    }

    /// A live cluster, as it would be at `time`.
    package init(_ snapshot: ClusterSnapshot, at time: APITime = .now) {
        engine = snapshot.engine(at: time)
        staged = snapshot.staged
        nodes = snapshot.nodes
        pods = Dictionary(snapshot.pods.map { ($0.key, $0) }) { first, _ in first }
        warnings = engine.faults()
    }

    var podCount: Int { pods.count }
}
