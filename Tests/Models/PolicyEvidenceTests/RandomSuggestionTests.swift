import APIMachinery
import ClusterAPI
import FlowModel
import Foundation
import NetworkTypes
import PolicyEngine
import PolicyEvidence
import TestRandom
import Testing

@Suite("Suggestions on random clusters and flows")
struct RandomSuggestionTests {
    /// A flow as the suggestion must know it, worked out without its code: ends by namespace and labels, or by address.
    private struct Pattern: Hashable {
        let ends: [String]
        let port: UInt16
        let ipProtocol: UInt8

        init?(_ record: FlowRecord, _ pods: [Pod]) {
            guard [6, 17, 132].contains(record.ipProtocol), let port = record.destination.port else { return nil }
            self.port = port
            ipProtocol = record.ipProtocol
            ends = [record.source, record.destination].map { end in
                guard end.kind == .pod else { return "\(end.address)" }
                let live = pods.first { $0.key.namespace == end.namespace && $0.key.name == end.pod }
                var labels = live?.labels ?? end.labels ?? [:]
                labels["pod-template-hash"] = nil
                return "\(end.namespace ?? "") \(labels.sorted { $0.key < $1.key })"
            }
        }
    }

    private static func isPolicyDenial(_ record: FlowRecord) -> Bool {
        record.verdict == .denied && (record.drop == nil || record.drop == "drop_policy")
    }

    /// The cluster under nothing but the suggestion.
    private static func engine(_ traffic: RandomTraffic, _ suggestion: PolicySuggestion) -> PolicyEngine {
        var engine = PolicyEngine()
        for namespace in traffic.scene.namespaces { engine.upsert(namespace) }
        for node in traffic.scene.nodes { engine.upsert(node) }
        for pod in traffic.scene.pods { engine.upsert(pod) }
        // Pods of the past, as they were but for their addresses.
        for record in traffic.records {
            for end in [record.source, record.destination] where end.kind == .pod {
                let key = ObjectKey(namespace: end.namespace ?? "", name: end.pod ?? "")
                guard !traffic.scene.pods.contains(where: { $0.key == key }) else { continue }
                engine.upsert(
                    Pod(
                        metadata: ObjectMeta(name: key.name, namespace: key.namespace, labels: end.labels),
                        spec: PodSpec(nodeName: end.node), status: PodStatus(phase: "Running")))
            }
        }
        for policy in suggestion.policies { engine.upsert(policy.policy) }
        return engine
    }

    private static func flow(_ record: FlowRecord) -> Flow? {
        guard let transport = record.key.transport else { return nil }
        func party(_ end: FlowEndpoint) -> Party {
            end.kind == .pod
                ? .pod(ObjectKey(namespace: end.namespace ?? "", name: end.pod ?? "")) : .address(end.address)
        }
        return Flow(
            from: party(record.source), to: party(record.destination), transport: transport,
            port: record.key.policyPort)
    }

    private static func isOfPod(_ end: FlowEndpoint, _ pods: [Pod]) -> Bool {
        end.kind != .pod && pods.contains { $0.addressTexts.contains("\(end.address)") }
    }

    @Test("what was seen passes, unless the same was denied; nothing that was denied passes", arguments: 0..<400)
    func flows(seed: Int) {
        let traffic = RandomTraffic(seed: seed)
        for namespace in RandomTraffic.namespaces {
            let suggestion = PolicySuggestion(namespace: namespace, from: traffic.records, in: traffic.scene)
            let engine = Self.engine(traffic, suggestion)
            let pods = traffic.scene.pods
            let denied = Set(traffic.records.filter(Self.isPolicyDenial).compactMap { Pattern($0, pods) })
            for record in traffic.records {
                let ends = [record.source, record.destination]
                let concerned = ends.filter { $0.kind == .pod && $0.namespace == namespace }
                guard !concerned.isEmpty, !ends.contains(where: { Self.isOfPod($0, pods) }),
                    let flow = Self.flow(record)
                else { continue }
                let verdict = engine.verdict(for: flow)
                if Self.isPolicyDenial(record) {
                    let isPromised = [verdict.egress.rule, verdict.ingress.rule].contains {
                        switch $0 {
                        case .ownNode, .itself: true
                        default: false
                        }
                    }
                    #expect(!verdict.allowed || isPromised, "\(namespace): \(flow): \(verdict.rule)")
                } else if record.verdict == .allowed, let pattern = Pattern(record, pods), !denied.contains(pattern),
                    !suggestion.removed.contains(where: { $0.rule.seen.contains { $0.port.number == pattern.port } })
                {
                    #expect(verdict.allowed, "\(namespace): \(flow): \(verdict.rule)")
                }
            }
        }
    }

    @Test("each suggestion is a valid NetworkPolicy of its namespace, with a name of its own", arguments: 0..<200)
    func valid(seed: Int) throws {
        let traffic = RandomTraffic(seed: seed)
        let resource = try #require(
            ResourceCatalogue().resource(apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy"))
        let version = try #require(GroupVersion(apiVersion: "networking.k8s.io/v1"))
        for namespace in RandomTraffic.namespaces {
            let suggestion = PolicySuggestion(namespace: namespace, from: traffic.records, in: traffic.scene)
            #expect(Set(suggestion.policies.map(\.name)).count == suggestion.policies.count)
            let write = ObjectWrite(
                resource: resource, version: version, namespace: namespace, now: APITime(seconds: 0))
            for policy in suggestion.policies {
                let data = try JSONEncoder().encode(WireObject(policy.policy))
                let findings = write.findings(in: try JSONDecoder().decode(JSONValue.self, from: data))
                #expect(findings.isEmpty, "\(policy.policy): \(findings)")
            }
        }
    }

    @Test("each selector selects its workload and no other pod of the namespace", arguments: 0..<200)
    func selectors(seed: Int) {
        let traffic = RandomTraffic(seed: seed)
        for namespace in RandomTraffic.namespaces {
            let suggestion = PolicySuggestion(namespace: namespace, from: traffic.records, in: traffic.scene)
            for pod in traffic.scene.pods where pod.key.namespace == namespace {
                let matching = suggestion.policies.filter { $0.selector.matches(pod.labels) }
                #expect(matching.map(\.workload) == [Workload(pod)])
            }
        }
    }

    @Test("the order of records, and a second node's report of each, change nothing", arguments: 0..<50)
    func order(seed: Int) {
        let traffic = RandomTraffic(seed: seed)
        let suggestion = PolicySuggestion(namespace: "shop", from: traffic.records, in: traffic.scene)
        var scene = traffic.scene
        scene.pods.reverse()
        let again = PolicySuggestion(namespace: "shop", from: traffic.records.reversed(), in: scene)
        #expect(again.policies == suggestion.policies)
    }
}
