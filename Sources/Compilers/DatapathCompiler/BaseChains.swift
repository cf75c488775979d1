import NFTables
import NetworkTypes
import NodeModel

/// The chains that are there whatever the pods and policies are.
enum BaseChains {
    private static let families = IPAddress.Family.allCases

    static func all(_ state: NodeState) -> [Name: Chain] {
        let vxlanPort = state.vxlanPort
        var chains: [Name: Chain] = [
            KernelNames.guardPrerouting: guardPrerouting,
            KernelNames.guardInput: guardInput(vxlanPort),
            KernelNames.policyForward: policyForward,
            KernelNames.natPostrouting: natPostrouting,
            KernelNames.fromPod: fromPod(vxlanPort),
            KernelNames.fromOverlay: fromOverlay,
            KernelNames.leavePod: leavePod(vxlanPort),
            KernelNames.reachPod: reachPod,
            KernelNames.metadataGuard: MetadataChains.chain,
            KernelNames.closedPod: Chain(rules: [KernelNames.Drop.closed.rule()]),
            LogRules.newChain: LogRules.newConnectionChain,
        ]
        for drop in KernelNames.Drop.chained { chains[drop.chain] = LogRules.drop(drop) }
        chains.merge(ServiceBaseChains.all(state)) { $1 }
        chains.merge(EgressBaseChains.all(vxlanPort)) { $1 }
        return chains
    }

    /// Before connection tracking: who may claim which source address.
    private static var guardPrerouting: Chain {
        // Most packets are TCP from a true source: one rule and they are through. Only UDP can be a tunnel's.
        let honest = families.map { family in
            Rule(
                id: "true source", .match(.layer4Protocol, .value(.transport(.tcp))),
                .lookup([.inputInterface, .etherSource, .sourceAddress(family)], KernelNames.sources(family)),
                .verdict(.accept))
        }
        return Chain(
            Chain.Base(.filter, .prerouting, priority: -300),
            rules: honest + [
                answers,
                Rule(id: "from the overlay", from(overlay), .verdict(.goto(KernelNames.fromOverlay))),
                Rule(id: "from pods", from(pods), .verdict(.goto(KernelNames.fromPod))),
            ]
                + families.map { family in
                    KernelNames.Drop.underlaySpoof.rule(
                        .match(.inputInterface, .value(.interface("lo")), negated: true),
                        .lookup([.sourceAddress(family)], KernelNames.clusterRanges(family)))
                })
    }

    /// Interface, MAC and address must be one of the attached; `::` may only ask who has an address (RFC 4862) and
    /// join groups (RFC 3810).
    private static func fromPod(_ vxlanPort: UInt16) -> Chain {
        let unspecified = Statement.match(.sourceAddress(.v6), .value(.address(IPAddress(family: .v6, bits: 0))))
        let guards = families.map { family in
            KernelNames.Drop.spoof.rule(
                .lookup(
                    [.inputInterface, .etherSource, .sourceAddress(family)], KernelNames.sources(family),
                    negated: true))
        }
        let tunnel = families.map { family in
            KernelNames.Drop.tunnelFromPod.rule(
                udp, .match(.destinationPort, .value(.port(vxlanPort))),
                .lookup([.destinationAddress(family)], KernelNames.hosts(family)))
        }
        let discovery = Rule(
            id: "address detection", unspecified, .icmpv6Type([131, 132, 135, 143]), .verdict(.return))
        return Chain(rules: guards + [discovery, KernelNames.Drop.spoof.rule(unspecified)] + tunnel)
    }

    /// Nobody else has this node's addresses, nor those that every machine has for itself.
    private static var fromOverlay: Chain {
        Chain(
            rules: families.map { family in
                KernelNames.Drop.overlaySpoof.rule(
                    .lookup([.sourceAddress(family)], KernelNames.ownAddresses(family)))
            })
    }

    /// The tunnel is for nodes, loopback addresses for this one, and a node port without endpoints for nobody.
    private static func guardInput(_ vxlanPort: UInt16) -> Chain {
        Chain(
            Chain.Base(.filter, .input, priority: -10),
            rules: [ServiceBaseChains.refuse, ServiceBaseChains.guardLoopback]
                + families.map { family in
                    KernelNames.Drop.tunnelStranger.rule(
                        udp, .match(.destinationPort, .value(.port(vxlanPort))),
                        .lookup([.sourceAddress(family)], KernelNames.tunnelEndpoints(family), negated: true))
                })
    }

    /// What has been decided stays decided; the rest goes through its source's egress, then its destination's ingress.
    private static var policyForward: Chain {
        Chain(
            Chain.Base(.filter, .forward, priority: 0),
            rules: [
                EgressBaseChains.guardWays,
                Rule(id: "connections", .conntrackState([.established, .related]), .verdict(.accept)),
                answers,
                ServiceBaseChains.refuse,
            ] + ServiceBaseChains.hairpins + [EgressBaseChains.guardTransit] + EgressBaseChains.lateAnswers + [
                Rule(id: "from the overlay", from(overlay), .verdict(.goto(KernelNames.reachPod))),
                Rule(id: "from pods", from(pods), .verdict(.goto(KernelNames.leavePod))),
                Rule(
                    id: "to pods", .match(.outputInterface, .value(.interface(pods))),
                    .verdict(.goto(KernelNames.reachPod))),
            ])
    }

    /// Tunnel packets of a pod end here whatever node address they are for: one behind a masquerade or a service would
    /// reach another node's tunnel as if this node had sent it.
    private static func leavePod(_ vxlanPort: UInt16) -> Chain {
        let tunnel = KernelNames.Drop.tunnelFromPod.rule(
            .match(.outputInterface, .value(.interface(pods)), negated: true), udp,
            .match(.destinationPort, .value(.port(vxlanPort))))
        return Chain(
            rules: [KernelNames.Drop.invalid.rule(.conntrackState(.invalid)), tunnel] + MetadataChains.guardRules
                + families.map { family in
                    Rule(
                        id: "egress by source",
                        .verdictMap([.sourceAddress(family)], KernelNames.egressMap(family)))
                } + [KernelNames.Drop.unknown.rule()])
    }

    private static var reachPod: Chain {
        Chain(
            rules: [
                Rule(
                    id: "to remote pods and nodes", .match(.outputInterface, .value(.interface(overlay))),
                    .verdict(.accept)),
                Rule(
                    id: "to the outside", .match(.outputInterface, .value(.interface(pods)), negated: true),
                    .verdict(.accept)),
                KernelNames.Drop.invalid.rule(.conntrackState(.invalid)),
            ]
                + families.map { family in
                    Rule(
                        id: "ingress by destination",
                        .verdictMap([.destinationAddress(family)], KernelNames.ingressMap(family)))
                } + [KernelNames.Drop.unknown.rule()])
    }

    /// Pods speak to pods and nodes as themselves, and to the world as their node, or with an egress address.
    ///
    /// The kernel asks a NAT chain once for every connection, at its first packet, when all policies have let it pass:
    /// here new connections are told of at no cost to the packets that follow.
    private static var natPostrouting: Chain {
        let log = [
            Rule(
                id: "log connections to pods", .match(.outputInterface, .value(.interface(pods))),
                .verdict(.jump(LogRules.newChain))),
            Rule(
                id: "log connections of pods to the outside", from(pods),
                .match(.outputInterface, .value(.interface(pods)), negated: true),
                .verdict(.jump(LogRules.newChain))),
        ]
        let services = Rule(
            id: "connections to services", ServiceMarks.isChosen, .verdict(.jump(KernelNames.fromServices)))
        return Chain(
            Chain.Base(.nat, .postrouting, priority: 100),
            rules: EgressBaseChains.transit + log + EgressBaseChains.leaving + [services]
                + families.map { family in
                    Rule(
                        id: "masquerade pods to the outside",
                        .match(.outputInterface, .value(.interface(pods)), negated: true),
                        .lookup([.sourceAddress(family)], KernelNames.clusterRanges(family)),
                        .lookup([.destinationAddress(family)], KernelNames.clusterRanges(family), negated: true),
                        .lookup([.destinationAddress(family)], KernelNames.overlayHosts(family), negated: true),
                        .masquerade)
                })
    }

    static var arp: [Name: Chain] {
        [
            KernelNames.arpInput: Chain(
                Chain.Base(.filter, .input, priority: 0),
                rules: [
                    KernelNames.Drop.arpSpoof.rule(
                        from(pods),
                        .lookup(
                            [.inputInterface, .arpSenderEther, .arpSenderAddress], KernelNames.arpSenders,
                            negated: true))
                ])
        ]
    }

    /// Answers of name servers that were judged already, before they were learned from; nobody but root can send by this interface.
    private static let answers = Rule(id: "learned answers", from(KernelNames.namesInterface), .verdict(.accept))

    private static let udp = Statement.match(.layer4Protocol, .value(.transport(.udp)))
    private static let overlay = KernelNames.overlayInterface
    private static let pods = KernelNames.podInterfaces

    private static func from(_ interface: InterfacePattern) -> Statement {
        .match(.inputInterface, .value(.interface(interface)))
    }
}
