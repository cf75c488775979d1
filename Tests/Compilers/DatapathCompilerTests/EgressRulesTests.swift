import ClusterAPI
import DatapathCompiler
import LinkState
import NFTables
import NetworkTypes
import NodeModel
import TestRandom
import Testing

/// The compiled rules let selected pods out with their own addresses only, by the nodes that hold them.
@Suite struct EgressRulesTests {
    @Test("each packet to the outside leaves as the model says, or not at all", arguments: 7000..<7080)
    func rulesFollowTheModel(seed: Int) throws {
        let cluster = EgressCluster(seed: seed)
        var model = cluster.model
        _ = model.settle()
        let state = model.state
        let datapath = DatapathCompiler.compile(state)
        let rules = RulesetInterpreter(table: datapath.table)
        for attachment in cluster.attachments {
            for address in attachment.addresses {
                for dice in 0..<4 {
                    var packet = cluster.packet(from: attachment, address, dice: UInt32(dice))
                    let device = try rules.route(&packet, datapath.links)
                    let outcome = try rules.leave(&packet)
                    switch state.egress.ways[address] {
                    case nil: #expect(outcome == .accepted && device == "eth0" && packet.translation == .masquerade)
                    case .closed: #expect(outcome == .dropped("drop_no_egress_address"))
                    case .here:
                        let own = try #require(state.egress.translations[address])
                        #expect(outcome == .accepted && device == "eth0" && packet.translation == .address(own))
                    case .through(let nodes):
                        #expect(outcome == .accepted && device == "gabvxlan" && packet.translation == nil)
                        let holder = datapath.links.gateway(mark: packet.mark, address.family)
                        let gateways = state.remoteNodes.filter { nodes.contains($0.name) }
                            .compactMap { state.overlayGateway(to: $0, address.family) }
                        #expect(holder.map(gateways.contains) == true)
                    }
                    // The connection goes on as it began, and nowhere else if that way is lost.
                    var next = packet
                    next.state = .established
                    next.translation = nil
                    let mark = next.mark
                    next.mark = 0
                    if outcome == .accepted, state.egress.ways[address] != nil {
                        #expect(try rules.route(&next, datapath.links) == device && next.mark == mark)
                        #expect(try rules.run(next, at: .forward) == .accepted)
                        next.output = device == "eth0" ? "gabvxlan" : "eth0"
                        #expect(try rules.run(next, at: .forward) == .dropped("drop_egress_stray"))
                    }
                }
            }
        }
    }

    @Test(
        "what comes out of the overlay leaves with an address that this node holds, or not at all",
        arguments: 7100..<7140)
    func transit(seed: Int) throws {
        let cluster = EgressCluster(seed: seed)
        var model = cluster.model
        _ = model.settle()
        let rules = RulesetInterpreter(table: DatapathCompiler.compile(model.state).table)
        for pod in cluster.pods where pod.spec?.nodeName == "two" {
            for address in pod.addressTexts.compactMap({ IPAddress($0) }) {
                var packet = cluster.packet(from: nil, address, dice: 0)
                packet.output = "eth0"
                let outcome = try rules.leave(&packet)
                if let own = model.state.egress.translations[address] {
                    #expect(outcome == .accepted && packet.translation == .address(own))
                } else {
                    #expect(outcome == .dropped("drop_egress_stray"))
                }
                // The middle of a connection that nobody knows is not translated, so it must not pass.
                packet.state = .invalid
                #expect(try rules.run(packet, at: .forward) == .dropped("drop_invalid"))
            }
        }
    }

    @Test("who is not of the cluster begins no connection to a pod out of the overlay; pods and nodes do")
    func lateAnswers() throws {
        let cluster = EgressCluster(seed: 7150)
        var model = cluster.model
        _ = model.settle()
        let rules = RulesetInterpreter(table: DatapathCompiler.compile(model.state).table)
        for attachment in cluster.attachments {
            for address in attachment.addresses {
                let isV4 = address.family == .v4
                var packet = cluster.packet(from: nil, address, dice: 0)
                (packet.source, packet.destination) = (packet.destination, packet.source)
                packet.output = attachment.interface
                #expect(try rules.run(packet, at: .forward) == .dropped("drop_egress_stray"))
                for source in isV4 ? ["10.128.2.9", "192.168.7.2"] : ["fd00:10:0:2::9", "fd00:7::2"] {
                    packet.source = try #require(IPAddress(source))
                    #expect(try rules.run(packet, at: .forward) == .accepted)
                }
            }
        }
    }

    @Test("what stays in the cluster is not led out of it", arguments: 7200..<7220)
    func inside(seed: Int) throws {
        let cluster = EgressCluster(seed: seed)
        var model = cluster.model
        _ = model.settle()
        let datapath = DatapathCompiler.compile(model.state)
        let rules = RulesetInterpreter(table: datapath.table)
        for attachment in cluster.attachments {
            let inside = ["10.128.2.9", "192.168.7.2", "10.130.0.1", "fd00:10:0:2::9", "fd00:7::2"]
            for destination in inside.compactMap({ IPAddress($0) }) {
                guard let source = attachment.addresses.first(where: { $0.family == destination.family }) else {
                    continue
                }
                var packet = cluster.packet(from: attachment, source, dice: 0)
                packet.destination = destination
                #expect(try rules.run(&packet, at: .prerouting) == .accepted)
                #expect(packet.mark == 0 && packet.connectionMark == 0)
            }
        }
    }

    @Test("compiling step by step gives what compiling at once gives", arguments: 7300..<7330)
    func incrementalEqualsFresh(seed: Int) throws {
        var cluster = EgressCluster(seed: seed)
        var model = cluster.model
        var compiler = DatapathCompiler()
        let changes = model.settle()
        _ = compiler.update(model.state, changes)
        for _ in 0..<60 {
            let before = compiler.datapath
            for _ in 0...Int.random(in: 0..<3, using: &cluster.random) { cluster.step(&model) }
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            let after = compiler.datapath
            // Whole datapaths make long messages.
            let isFresh = after == DatapathCompiler.compile(model.state)
            #expect(isFresh)
            #expect(
                delta.transaction(from: before.table, to: after.table)
                    == Transaction.plan(from: before.table, to: after.table))
            #expect(
                Set(delta.linkChanges(from: before, to: after))
                    == Set(LinkState.plan(from: before.links, to: after.links)))
        }
    }
}

extension RulesetInterpreter {
    /// Before routing, and then by the mark, else by the default route.
    fileprivate func route(_ packet: inout Packet, _ links: LinkState) throws -> String {
        #expect(try run(&packet, at: .prerouting) == .accepted)
        packet.output = links.gateway(mark: packet.mark, packet.source.family) == nil ? "eth0" : "gabvxlan"
        return packet.output
    }

    /// After it.
    fileprivate func leave(_ packet: inout Packet) throws -> Outcome {
        let outcome = try run(&packet, at: .forward)
        return outcome == .accepted ? try run(&packet, at: .postrouting, .nat) : outcome
    }
}

extension LinkState {
    /// Where the overlay's default route of the table that a mark leads to goes.
    fileprivate func gateway(mark: UInt32, _ family: IPAddress.Family) -> IPAddress? {
        guard let rule = rules.first(where: { $0.family == family && $0.mark == Rule.Mark(mark) }) else { return nil }
        return routes.first { $0.table == rule.table && $0.destination == .everything(family) }?.gateway
    }
}
