package import ClusterAPI
package import FlowModel
import NetworkTypes
package import PolicyEngine

/// Finds the ends of recorded flows in a cluster as it is now.
///
/// A pod is known by its name; if it is gone, a pod of the same workload stands for it.
package struct FlowParties: Sendable {
    package enum End: Hashable, Sendable {
        case pod(Pod, Party)
        /// A node or an address outside of the cluster.
        case address(Party)
        /// No pod of this workload is there any more.
        case gone(ObjectKey, Workload)
        /// An address that was a node's or nobody's, and is a pod's now.
        case changedHands(ObjectKey)
    }

    private let engine: PolicyEngine
    private var pods: [ObjectKey: Pod] = [:]
    /// Two pods of each workload, if there are two: a flow between siblings needs both.
    private var stands: [Workload: [Pod]] = [:]

    /// - Parameter engine: Knows the pods.
    package init(pods: [Pod], engine: PolicyEngine) {
        self.engine = engine
        let living = pods.filter { !$0.isHostNetwork && !$0.hasTerminated }.sorted { $0.key < $1.key }
        // Those with an address first: they can be judged by blocks of addresses, too.
        for pod in living.filter({ !$0.addressTexts.isEmpty }) + living.filter({ $0.addressTexts.isEmpty }) {
            self.pods[pod.key] = pod
            if stands[Workload(pod), default: []].count < 2 { stands[Workload(pod), default: []].append(pod) }
        }
    }

    /// - Parameter other: The pod at the other end, whose sibling this is.
    private func end(_ end: FlowEndpoint, besides other: ObjectKey?) -> End {
        guard let key = Self.key(end) else { return outside(end) }
        let workload = Workload(namespace: key.namespace, labels: end.labels ?? [:])
        let stand = stands[workload]?.first { $0.key != other }
        guard let pod = pods[key] ?? stand else { return .gone(key, workload) }
        return .pod(pod, party(pod, like: end.address))
    }

    private func ends(_ record: FlowRecord) -> [End] {
        let keys = [Self.key(record.source), Self.key(record.destination)]
        let source = end(record.source, besides: keys[1].flatMap { pods[$0]?.key })
        guard keys[0] != keys[1], case .pod(let pod, _) = source else {
            return [source, end(record.destination, besides: nil)]
        }
        return [source, end(record.destination, besides: pod.key)]
    }

    private static func key(_ end: FlowEndpoint) -> ObjectKey? {
        guard end.kind == .pod, let name = end.pod, let namespace = end.namespace else { return nil }
        return ObjectKey(namespace: namespace, name: name)
    }

    private func outside(_ end: FlowEndpoint) -> End {
        guard case .pod(let key, _, _) = engine.identity(of: end.address) else {
            return .address(.address(end.address))
        }
        return .changedHands(key)
    }

    /// By its address of the same family, if it has one: policies may ask for either.
    private func party(_ pod: Pod, like address: IPAddress) -> Party {
        let own = pod.addressTexts.compactMap { IPAddress($0) }.first { $0.family == address.family }
        guard let own, case .pod(pod.key, _, _) = engine.identity(of: own) else { return .pod(pod.key) }
        return .address(own)
    }

    /// The question that the engine answers about a recorded flow, or why there is none.
    package func question(_ record: FlowRecord) -> Result<Question, Obstacle> {
        guard let transport = record.key.transport else { return .failure(.unnamedProtocol(record.protocolName)) }
        let ends = ends(record)
        var parties: [Party] = []
        for end in ends {
            switch end {
            case .pod(_, let party), .address(let party): parties.append(party)
            case .gone(let key, _): return .failure(.gone(key))
            case .changedHands(let key): return .failure(.changedHands(key))
            }
        }
        let flow = Flow(from: parties[0], to: parties[1], transport: transport, port: record.key.policyPort)
        return .success(Question(flow: flow, source: ends[0], destination: ends[1]))
    }

    package struct Question: Sendable {
        package let flow: Flow
        package let source: End
        package let destination: End
    }

    /// Why a recorded flow cannot be judged now.
    package enum Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
        case gone(ObjectKey)
        case changedHands(ObjectKey)
        case unnamedProtocol(String)

        package var description: String {
            switch self {
            case .gone(let pod): "no such pod any more, and none with its labels: \(pod)"
            case .changedHands(let pod): "an address that was no pod's belongs to \(pod) now"
            case .unnamedProtocol(let number): "policies cannot name IP protocol \(number)"
            }
        }
    }
}
