import ClusterAPI
import DatapathCompiler
import EgressNames
import LinkState
import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine
import Testing

@Suite struct EquivalenceTests {
    @Test("the compiled rules let through exactly what the engine allows", arguments: 0..<60)
    func rulesEqualVerdicts(seed: Int) throws { try compare(RandomCluster(seed: seed)) }

    @Test("so they do with tiers, and drop by the name of the rule that decides", arguments: 2000..<2150)
    func tiersEqualVerdicts(seed: Int) throws { try compare(RandomCluster(seed: seed, tiers: true)) }

    @Test("so they do in every mode of tenancy, with tiers and without", arguments: 4000..<4150)
    func tenancyEqualsVerdicts(seed: Int) throws {
        try compare(RandomCluster(seed: seed, tiers: seed.isMultiple(of: 2), tenancy: true))
    }

    @Test("so they do with zones, alone and before other tiers", arguments: 5000..<5120)
    func zonesEqualVerdicts(seed: Int) throws {
        try compare(RandomCluster(seed: seed, tiers: seed.isMultiple(of: 2), zones: true))
    }

    @Test("so they do with egress firewalls, alone and before other tiers", arguments: 6000..<6120)
    func egressEqualsVerdicts(seed: Int) throws {
        try compare(RandomCluster(seed: seed, tiers: seed.isMultiple(of: 2), egress: true))
    }

    @Test("so they do with names, whatever pods were told", arguments: 7000..<7120)
    func namesEqualVerdicts(seed: Int) throws {
        try compare(
            RandomCluster(
                seed: seed, tiers: seed.isMultiple(of: 3), egress: seed.isMultiple(of: 4), names: true))
    }

    private func compare(_ cluster: RandomCluster) throws {
        var cluster = cluster
        var model = cluster.model
        _ = model.settle()
        model.follow(cluster.told)
        _ = model.settle()
        let rules = RulesetInterpreter(table: DatapathCompiler.compile(model.state).table)
        let ends = Self.ends(cluster)
        var allowed = 0
        for _ in 0..<600 {
            guard let from = ends.randomElement(using: &cluster.random),
                let to = ends.randomElement(using: &cluster.random),
                from.pod != to.pod || from.pod == nil, from.address.family == to.address.family,
                from.interface != "eth0" || to.interface != "eth0",
                from.isLocal || to.isLocal
            else { continue }
            let transport = TransportProtocol.allCases.randomElement(using: &cluster.random) ?? .tcp
            let port = [22, 53, 79, 80, 81, 443, 8000, 8001, 8080, 9000].randomElement(using: &cluster.random) ?? 80
            let verdict = model.engine.verdict(
                source: from.address, destination: to.address, transport: transport,
                port: transport.hasPorts ? UInt16(port) : nil)
            let packet = Packet(
                input: from.interface, output: to.interface, mac: from.mac, source: from.address,
                destination: to.address, proto: transport.number(from.address.family),
                port: transport.hasPorts ? UInt16(port) : nil)
            let outcome = try rules.forward(packet)
            // The other node decides for its own pods.
            let egress = !from.isLocal || verdict.egress.allowed
            let expected = egress && (!to.isLocal || verdict.ingress.allowed)
            #expect((outcome == .accepted) == expected, "\(packet): \(verdict.rule), but \(outcome)")
            if case .dropped(let rule) = outcome, !expected {
                if case .metadataGuard = verdict.egress.rule {
                    #expect(rule == "drop_metadata")
                    continue
                }
                let deciding = egress ? verdict.ingress : verdict.egress
                #expect(rule == deciding.rule.counted.description)
                let name = DenialName(deciding.rule, egress ? .ingress : .egress)
                #expect(rules.table.chains[name.chain]?.rules.last?.id == rule, "\(name.chain)")
            }
            allowed += expected ? 1 : 0
        }
        // The Deny of a peer that is not understood may leave nothing.
        #expect(
            allowed > 0 || !cluster.admins.isEmpty || cluster.mode != nil || !cluster.zones.isEmpty
                || !cluster.firewalls.isEmpty)
    }

    private struct End {
        let address: IPAddress
        /// Where its packets come in and go out on node one.
        let interface: String
        let mac: MACAddress
        let pod: ObjectKey?

        var isLocal: Bool { interface.hasPrefix("gab0") }
    }

    /// Local pods, remote pods, the remote node, and two hosts outside.
    private static func ends(_ cluster: RandomCluster) -> [End] {
        var ends: [End] = []
        for attachment in cluster.attachments {
            for address in attachment.addresses {
                ends.append(
                    End(address: address, interface: attachment.interface, mac: attachment.mac, pod: attachment.pod))
            }
        }
        for pod in cluster.pods {
            for address in pod.addressTexts.compactMap({ IPAddress($0) }) {
                ends.append(End(address: address, interface: "gabvxlan", mac: MACAddress(bits: 0), pod: pod.key))
            }
        }
        for text in RandomCluster.hostAddresses(2) {
            if let address = IPAddress(text) {
                ends.append(End(address: address, interface: "gabvxlan", mac: MACAddress(bits: 0), pod: nil))
            }
        }
        let outside = cluster.firewalls.isEmpty ? 0...0 : 0...31
        let blocks = outside.flatMap { ["203.0.113.\($0 + 9)", "2001:db8::\(String($0 + 1, radix: 16))"] }
        for text in blocks + ["198.51.100.1", "169.254.169.254", "fd00:ec2::254"] {
            if let address = IPAddress(text) {
                ends.append(End(address: address, interface: "eth0", mac: MACAddress(bits: 0), pod: nil))
            }
        }
        return ends
    }

    @Test("compiling step by step gives what compiling at once gives", arguments: 0..<30)
    func incrementalEqualsFresh(seed: Int) throws {
        var cluster = RandomCluster(
            seed: seed + 1000, policies: 10, tiers: !seed.isMultiple(of: 3), tenancy: seed.isMultiple(of: 2),
            egress: seed.isMultiple(of: 4), names: !seed.isMultiple(of: 5))
        var model = NodeModel(nodeName: "one")
        var compiler = DatapathCompiler()
        var table = compiler.datapath.table
        var datapath = compiler.datapath
        var links = datapath.links
        var steps: [(inout NodeModel) -> Void] = []
        let final = cluster
        for name in RandomCluster.namespaces { steps.append { $0.upsert(RandomCluster.namespace(name)) } }
        for pod in final.pods { steps.append { $0.upsert(pod) } }
        for attachment in final.attachments {
            steps.append { $0.attach(attachment) }
            steps.append { $0.detach(interface: attachment.interface) }
            steps.append { $0.attach(attachment) }
        }
        for policy in final.policies {
            steps.append { $0.upsert(policy) }
            steps.append { $0.removeNetworkPolicy(policy.key) }
            steps.append { $0.upsert(policy) }
        }
        for policy in final.admins {
            steps.append { $0.upsert(policy) }
            steps.append { $0.removeAdminNetworkPolicy(policy.key.name) }
            steps.append { $0.upsert(policy) }
        }
        for firewall in final.firewalls {
            steps.append { $0.upsert(firewall) }
            steps.append { $0.removeEgressFirewall(firewall.key) }
            steps.append { $0.upsert(firewall) }
        }
        for access in final.accesses {
            steps.append { $0.upsert(access) }
            steps.append { $0.removeMetadataAccess(access.key.name) }
            steps.append { $0.upsert(access) }
        }
        for line in final.told {
            guard case .add(let entry) = line else { continue }
            steps.append { $0.follow([line]) }
            steps.append { $0.follow([.remove(client: entry.client, name: entry.name, address: entry.address)]) }
            steps.append { $0.follow([line]) }
        }
        steps.append { $0.follow([.begin]) }
        for netNamespace in final.netNamespaces {
            steps.append { $0.upsert(NetNamespace(netname: netNamespace.netname, netid: 12)) }
            steps.append { $0.upsert(netNamespace) }
            steps.append { $0.removeNetNamespace(netNamespace.netname) }
            steps.append { $0.upsert(netNamespace) }
        }
        for mode in [nil, "subnet", "multitenant", final.mode] {
            steps.append { $0.upsert(ClusterNetwork(clusterNetworks: [], pluginName: mode)) }
        }
        for policy in final.clusters { steps.append { $0.upsert(policy) } }
        for policy in final.baselines { steps.append { $0.upsert(policy) } }
        for pod in final.pods where Bool.random(using: &cluster.random) { steps.append { $0.removePod(pod.key) } }
        for step in steps.shuffled(using: &cluster.random) {
            step(&model)
            if Int.random(in: 0..<3, using: &cluster.random) == 0 { continue }
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            let next = compiler.datapath.table
            #expect(delta.transaction(from: table, to: next) == Transaction.plan(from: table, to: next))
            table = next
            #expect(compiler.datapath == DatapathCompiler.compile(model.state))
            var kernel = links
            for change in delta.linkChanges(from: datapath, to: compiler.datapath) { kernel.follow(change) }
            #expect(kernel.withoutSettings == compiler.datapath.links.withoutSettings)
            links = kernel
            datapath = compiler.datapath
        }
    }
}

extension LinkState {
    /// Settings stay when a pod goes.
    fileprivate var withoutSettings: LinkState {
        var links = self
        links.settings = [:]
        return links
    }

    /// What the kernel does with the changes that pods bring.
    fileprivate mutating func follow(_ change: LinkChange) {
        switch change {
        case .addRoute(let route): routes.insert(route)
        case .removeRoute(let route): routes.remove(route)
        case .replaceRoute(let old, let route):
            routes.remove(old)
            routes.insert(route)
        case .putNeighbour(let neighbour): neighbours.insert(neighbour)
        case .removeNeighbour(let neighbour): neighbours.remove(neighbour)
        case .createLink(let link): add(link)
        case .deleteLink(let link):
            links[link.name] = nil
            shapers = shapers.filter { $0.device != link.name }
        case .putShaper(let shaper): shapers.insert(shaper)
        case .removeShaper(let shaper): shapers.remove(shaper)
        case .addRedirect(let redirect): redirects.insert(redirect)
        case .removeRedirect(let redirect): redirects.remove(redirect)
        default: break
        }
    }
}
