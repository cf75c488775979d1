import ClusterAPI
import NetworkTypes
import NodeModel
import PolicyEngine
import Testing

/// Policies that are tried are no part of what a node does.
@Suite struct StagingTests {
    private static let staged: [StagedObject] = [
        .namespaced(
            StagedPolicy(
                name: "closed", namespace: "shop",
                spec: .init(
                    policy: WrappedPolicy(
                        content: .networkPolicy(
                            NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress])))))),
        .cluster(
            ClusterStagedPolicy(
                name: "guard", spec: .init(action: .delete, policy: WrappedPolicy(content: .adminNetworkPolicy(nil))))),
    ]

    @Test("the node's state is what it is without anything staged, at every step", arguments: [true, false])
    func stateIsUntouched(removesAtTheEnd: Bool) {
        var plain = NodeModel(nodeName: "one")
        var model = NodeModel(nodeName: "one")
        for (number, step) in Story.steps.enumerated() {
            step.apply(to: &plain)
            step.apply(to: &model)
            if number == 3 { for object in Self.staged { model.upsert(object) } }
            let changes = (plain.settle(), model.settle())
            #expect(changes.0 == changes.1 && plain.state == model.state, "step \(number)")
        }
        #expect(model.staging.count == 2)
        if removesAtTheEnd {
            for object in Self.staged { model.removeStaged(object.reference) }
            #expect(model.settle().isEmpty && model.staging.engine == nil)
        }
        #expect(plain.state == model.state)
    }

    @Test("staged verdicts are those of a node on which they are enforced")
    func verdicts() throws {
        var enforced = NodeModel(nodeName: "one")
        var model = NodeModel(nodeName: "one")
        for (number, step) in Story.steps.enumerated() {
            step.apply(to: &model)
            // The guard is thought away.
            if case .admin(let policy) = step, policy.key.name == "guard" { continue }
            step.apply(to: &enforced)
            if number == 10 { for object in Self.staged { model.upsert(object) } }
        }
        enforced.upsert(
            NetworkPolicy(
                metadata: ObjectMeta(name: "closed", namespace: "shop"),
                spec: NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress])))
        let staged = try #require(model.staging.engine)
        let addresses = model.currentAttachments.values.flatMap(\.addresses) + [IPAddress(v4: 0x0A80_0205)]
        var differing = 0
        for source in addresses {
            for destination in addresses {
                let found = staged.verdict(source: source, destination: destination, transport: .tcp, port: 80)
                let wanted = enforced.engine.verdict(
                    source: source, destination: destination, transport: .tcp, port: 80)
                #expect(found == wanted, "\(source) > \(destination)")
                let real = model.engine.verdict(source: source, destination: destination, transport: .tcp, port: 80)
                if real != found { differing += 1 }
            }
        }
        #expect(differing > 0)
    }
}
