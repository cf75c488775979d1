import ClusterAPI
import Logging
import PolicyEngine
import Testing

@testable import ClusterController

/// What the controller writes into the status of objects that stage policies.
@Suite struct StagedStatusTests {
    private static let start = Timestamp(microsecondsSince1970: 1_800_000_000_000_000)
    private static let later = Timestamp(microsecondsSince1970: 1_800_000_060_000_000)

    private static func staged(
        _ name: String, _ target: String, action: StagedPolicySpec.Action = .set,
        _ spec: NetworkPolicySpec = NetworkPolicySpec()
    ) -> StagedObject {
        let wrapped = WrappedPolicy(metadata: ObjectMeta(name: target), content: .networkPolicy(spec))
        return .namespaced(StagedPolicy(name: name, namespace: "shop", spec: .init(action: action, policy: wrapped)))
    }

    private static func knowledge(_ objects: [StagedObject]) -> StagedKnowledge {
        var knowledge = StagedKnowledge()
        for object in objects { knowledge.upsert(object, generation: 3, status: nil) }
        return knowledge
    }

    private static func conditions(_ knowledge: inout StagedKnowledge) -> [String: ObjectCondition] {
        let wanted = knowledge.wanted(at: start).compactMap { reference, status in
            status.conditions?.first.map { (reference.key.name, $0) }
        }
        return Dictionary(uniqueKeysWithValues: wanted)
    }

    static let cases: [(String, [StagedObject], String, String)] = [
        ("as written", [staged("a", "web")], "True", "it is tried as it is written"),
        (
            "what is thought away is not there", [staged("a", "gone", action: .delete)], "False",
            "spec.policy.metadata.name: there is no NetworkPolicy shop/gone; nothing changes"
        ),
        (
            "the wrapped policy says what cannot be",
            [staged("a", "x", NetworkPolicySpec(ingress: [.init(from: [.init(ipBlock: .init(cidr: "10.0.0.0/40"))])]))],
            "False", "spec.policy.spec.ingress[0].from[0].ipBlock.cidr: "
        ),
    ]

    @Test("Ready is true for what holds as written, and says why it is not for others", arguments: cases)
    func ready(_ promise: String, _ objects: [StagedObject], _ status: String, _ message: String) throws {
        var knowledge = Self.knowledge(objects)
        let condition = try #require(Self.conditions(&knowledge)["a"])
        #expect(condition.type == "Ready" && condition.status == status && condition.observedGeneration == 3)
        #expect(condition.reason == (status == "True" ? "AsWritten" : "NotAsWritten"))
        #expect(condition.message.hasPrefix(message), "\(condition.message)")
        #expect(condition.lastTransitionTime == Self.start.seconds)
    }

    @Test("what was written is not written again, and keeps its time until it becomes another")
    func transitions() throws {
        var knowledge = Self.knowledge([Self.staged("a", "web"), Self.staged("b", "web")])
        let first = knowledge.wanted(at: Self.start)
        #expect(first.map(\.1.conditions?.first?.status) == ["True", "False"])
        #expect(first[1].1.conditions?.first?.message.contains("StagedPolicy shop/a stands for") == true)
        for (reference, status) in first { knowledge.note(status, of: reference) }
        #expect(knowledge.wanted(at: Self.later).isEmpty)
        // The same state, another generation: the time stays.
        knowledge.upsert(Self.staged("a", "web"), generation: 4, status: first[0].1)
        let again = try #require(knowledge.wanted(at: Self.later).first?.1.conditions?.first)
        #expect(again.observedGeneration == 4 && again.lastTransitionTime == Self.start.seconds)
        knowledge.removeStaged(Self.staged("a", "web").reference)
        let freed = knowledge.wanted(at: Self.later)
        #expect(freed.map(\.0.key.name) == ["b"])
        #expect(freed.first?.1.conditions?.first?.lastTransitionTime == Self.later.seconds)
    }

    @Test("an object that cannot be read is told in its own status, once")
    func unreadable() throws {
        var knowledge = StagedKnowledge()
        let reference = Self.staged("a", "web").reference
        knowledge.upsert(unreadable: reference, "spec.policy: no")
        let wanted = try #require(knowledge.wanted(at: Self.start).first)
        #expect(wanted.1.conditions?.first?.message == "it cannot be read, so nothing is staged: spec.policy: no")
        knowledge.note(wanted.1, of: reference)
        knowledge.upsert(unreadable: reference, "spec.policy: no")
        #expect(knowledge.wanted(at: Self.later).isEmpty)
    }
}
