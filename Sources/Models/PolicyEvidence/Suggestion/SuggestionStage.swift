import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEngine

/// The cluster without any policies, with pods of the past in it, and the flows that were seen.
struct SuggestionStage {
    let records: [FlowRecord]
    let engine: PolicyEngine
    let parties: FlowParties
    /// Of living pods, and of those that were seen.
    let workloads: Set<Workload>
    /// The addresses of pods and nodes.
    let clusterAddresses: Set<IPAddress>

    init(_ records: [FlowRecord], _ scene: PolicySuggestion.Scene) {
        self.records = FlowMerge.merged(records)
        var engine = PolicyEngine()
        for namespace in scene.namespaces { engine.upsert(namespace) }
        for node in scene.nodes { engine.upsert(node) }
        for pod in scene.pods { engine.upsert(pod) }
        let past = Self.pastPods(self.records, scene.pods)
        for pod in past { engine.upsert(pod) }
        let living = scene.pods.filter { !$0.isHostNetwork && !$0.hasTerminated } + past
        self.engine = engine
        parties = FlowParties(pods: living, engine: engine)
        workloads = Set(living.map(Workload.init))
        clusterAddresses = Set(
            (scene.pods.flatMap(\.addressTexts) + scene.nodes.flatMap(\.internalAddressTexts))
                .compactMap { IPAddress($0) })
    }

    /// Pods that were seen and are no more, at most two of a workload; without address, for that is another's by now.
    private static func pastPods(_ records: [FlowRecord], _ pods: [Pod]) -> [Pod] {
        let living = Set(pods.filter { !$0.isHostNetwork && !$0.hasTerminated }.map(\.key))
        var past: [Workload: [ObjectKey: Pod]] = [:]
        for end in records.flatMap({ [$0.source, $0.destination] }) where end.kind == .pod {
            let key = ObjectKey(namespace: end.namespace ?? "", name: end.pod ?? "")
            let workload = Workload(namespace: key.namespace, labels: end.labels ?? [:])
            guard !living.contains(key), past[workload, default: [:]].count < 2 else { continue }
            past[workload, default: [:]][key] = Pod(
                metadata: ObjectMeta(name: key.name, namespace: key.namespace, labels: workload.labels),
                spec: PodSpec(nodeName: end.node), status: PodStatus(phase: "Running"))
        }
        return past.values.flatMap(\.values).sorted { $0.key < $1.key }
    }

    /// What policies have no say in, by the engine and by what was recorded.
    func isPromised(_ question: FlowParties.Question, _ record: FlowRecord) -> Bool {
        switch engine.verdict(for: question.flow).egress.rule {
        case .ownNode, .itself: return true
        default: break
        }
        let ends = [record.source, record.destination]
        let nodes = ends.compactMap(\.node)
        let isOwnNode = ends.contains { $0.kind == .node } && ends.contains { $0.kind == .pod }
        if isOwnNode, nodes.count == 2, nodes[0] == nodes[1], !nodes[0].isEmpty { return true }
        return record.source.kind == .pod && record.source.address == record.destination.address
    }
}
