import ClusterAPI
import DatapathCompiler
import EgressNames
import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine
import Testing

/// Sets whose elements another process puts in.
@Suite("Sets of names")
struct NameSetTests {
    private static func firewall(_ names: [String]) -> EgressFirewall {
        let rules = names.map { EgressFirewallSpec.Rule(type: "Allow", to: .init(dnsName: $0)) }
        return EgressFirewall(
            namespace: "red",
            spec: EgressFirewallSpec(
                egress: rules + ["0.0.0.0/0", "::/0"].map { .init(type: "Deny", to: .init(cidrSelector: $0)) }))
    }

    private static func line(_ name: String, _ address: String) throws -> LearnedLine {
        .add(
            LearnedAddress(
                client: ObjectKey(namespace: "red", name: "pod-0"), name: try #require(DomainName(name)),
                address: try #require(IPAddress(address)), deadline: 9))
    }

    private struct Node {
        var model: NodeModel
        var compiler = DatapathCompiler()
        var applied: Table

        init(_ cluster: RandomCluster) {
            model = cluster.model
            applied = compiler.datapath.table
            _ = settle()
        }

        mutating func settle() -> Transaction {
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            let next = compiler.datapath.table
            defer { applied = next }
            let transaction = delta.transaction(from: applied, to: next)
            #expect(transaction == Transaction.plan(from: applied, to: next))
            return transaction
        }
    }

    private static func node() -> Node {
        var cluster = RandomCluster(seed: 1)
        cluster.policies = []
        return Node(cluster)
    }

    @Test("are made with what is known, and then left alone until they go")
    func leftAlone() throws {
        var node = Self.node()
        node.model.upsert(Self.firewall(["www.example.com"]))
        _ = node.settle()
        let set = try #require(node.compiler.nameSets.first)
        #expect(node.compiler.nameSets.count == 1)
        #expect(
            node.applied.sets[Name(set.v4)]?.definition
                == SetDefinition(key: [.ipv4Address], flags: .dynamic, size: 131_072))
        node.model.follow([
            try Self.line("www.example.com", "192.0.2.1"), try Self.line("www.example.com", "2001:db8::1"),
        ])
        #expect(node.settle().isEmpty)
        // One who reads the kernel finds others there, and leaves them.
        var kernel = node.applied
        kernel.sets[Name(set.v4)]?.elements = try [ElementKey(.address(#require(IPAddress("192.0.2.9"))))]
        #expect(Transaction.plan(from: kernel, to: node.applied).isEmpty)
        // Another list of names is another set: it begins with what is known.
        node.model.upsert(Self.firewall((0..<6).map { "n\($0).example.com" } + ["www.example.com"]))
        let change = node.settle()
        let merged = try #require(node.compiler.nameSets.first)
        #expect(merged.v4.hasPrefix("names-any-") && merged.selectors.count == 7)
        let added = change.operations.compactMap { operation -> [ElementKey]? in
            guard case .addElements(let name, _, let elements) = operation, [merged.v4, merged.v6].contains(name.text)
            else { return nil }
            return elements.map(\.key)
        }
        #expect(
            Set(added.joined()) == [
                ElementKey(.address(try #require(IPAddress("192.0.2.1")))),
                ElementKey(.address(try #require(IPAddress("2001:db8::1")))),
            ])
        node.model.removeEgressFirewall(ObjectKey(namespace: "red", name: "default"))
        _ = node.settle()
        #expect(node.compiler.nameSets.isEmpty && !node.applied.sets.keys.contains { KernelNames.isOfNames($0) })
        #expect(node.model.state.mentions.isEmpty)
    }

    @Test("a hundred allowed names cost as many lookups as five")
    func oneLookup() throws {
        var node = Self.node()
        func lookups() -> Int {
            node.applied.chains.values.flatMap(\.rules).count { rule in
                rule.statements.contains { statement in
                    if case .lookup(_, let set, _) = statement { KernelNames.isOfNames(set) } else { false }
                }
            }
        }
        node.model.upsert(Self.firewall((0..<5).map { "n\($0).example.com" }))
        _ = node.settle()
        let few = lookups()
        node.model.upsert(Self.firewall((0..<100).map { "n\($0).example.com" }))
        _ = node.settle()
        #expect(few == 2 && lookups() == few)
    }

    @Test("who mentions which names: pods that policies select, on this node, staged policies too")
    func mentions() throws {
        var node = Self.node()
        let staged = StagedPolicy(
            name: "default", namespace: "blue",
            spec: StagedPolicySpec(
                policy: WrappedPolicy(content: .egressFirewall(Self.firewall(["api.example.com"]).spec))))
        node.model.upsert(Self.firewall(["*.example.com"]))
        node.model.upsert(StagedObject.namespaced(staged))
        _ = node.settle()
        let mentions = node.model.state.mentions
        let local = node.model.state.pods.values.map(\.attachment.pod)
        #expect(Set(mentions.keys) == Set(local.filter { $0.namespace == "red" || $0.namespace == "blue" }))
        for (pod, selectors) in mentions {
            #expect(selectors.map(\.description) == [pod.namespace == "red" ? "*.example.com." : "api.example.com."])
        }
        #expect(node.compiler.nameSets.count == 1)
    }
}
