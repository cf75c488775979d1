import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeModel
import Testing

@Suite struct SharingTests {
    /// `count` policies that all select every pod, each with a peer set of its own.
    private func model(policies count: Int, pods: Int = 3) -> NodeModel {
        var model = NodeModel(nodeName: "one")
        model.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
        for number in 0..<pods {
            let name = "pod-\(number)"
            var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: ["number": name]))
            pod.spec = PodSpec(nodeName: "one")
            model.upsert(pod)
            let address = IPAddress(v4: 0x0A80_0100 + UInt32(number))
            model.attach(
                PodAttachment(
                    pod: pod.key, containerID: name, interface: "gab\(number + 100_000)", addresses: [address],
                    mac: MACAddress(derivedFrom: address)))
        }
        for number in 0..<count {
            let peer = NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["number": "pod-\(number)"]))
            let block = NetworkPolicyPeer(ipBlock: IPBlock(cidr: "203.0.\(number % 200).0/24"))
            let spec = NetworkPolicySpec(
                podSelector: LabelSelector(),
                ingress: [.init(from: [peer, block], ports: [NetworkPolicyPort(port: .int(80))]), .init(from: [peer])])
            model.upsert(NetworkPolicy(metadata: ObjectMeta(name: "policy-\(number)", namespace: "shop"), spec: spec))
        }
        _ = model.settle()
        return model
    }

    @Test("the number of lookups on a packet's way does not grow with the number of policies", arguments: [3, 30, 300])
    func boundedLookups(policies: Int) {
        let table = DatapathCompiler.compile(model(policies: policies).state).table
        for (name, chain) in table.chains where name.text.hasPrefix("ingress-") {
            let lookups = chain.rules.flatMap(\.statements).count { statement in
                if case .lookup([.sourceAddress(.v4)], _, _) = statement { true } else { false }
            }
            #expect(lookups <= 4)
        }
        #expect(table.chains.keys.count { $0.text.hasPrefix("ingress-") } == 2)
    }

    @Test("pods with the same policies share their chains, which go with the last of them")
    func sharing() {
        var model = model(policies: 5)
        var compiler = DatapathCompiler()
        let empty = compiler.datapath
        var everything = NodeChanges()
        everything.pods = Set(model.state.pods.keys)
        _ = compiler.update(model.state, everything)
        let chains = compiler.datapath.table.chains.count
        for interface in model.state.pods.keys.sorted() {
            model.detach(interface: interface)
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            if !model.state.pods.isEmpty {
                #expect(delta.chains.isEmpty)
                #expect(compiler.datapath.table.chains.count == chains)
            }
        }
        #expect(compiler.datapath == empty)
    }

    @Test("a pod that comes or goes elsewhere changes elements, not chains")
    func elementsOnly() {
        var model = model(policies: 10)
        var compiler = DatapathCompiler()
        var everything = NodeChanges()
        everything.pods = Set(model.state.pods.keys)
        _ = compiler.update(model.state, everything)
        let before = compiler.datapath.table
        var remote = Pod(metadata: ObjectMeta(name: "remote", namespace: "shop", labels: ["number": "pod-7"]))
        remote.spec = PodSpec(nodeName: "two")
        remote.status = PodStatus(phase: "Running", podIPs: ["10.128.2.9"])
        model.upsert(remote)
        let changes = model.settle()
        let delta = compiler.update(model.state, changes)
        #expect(delta.chains.isEmpty && delta.maps.isEmpty && delta.podLinks.isEmpty)
        let transaction = delta.transaction(from: before, to: compiler.datapath.table)
        #expect(transaction.changesOnlyElements && !transaction.isEmpty)
    }
}
