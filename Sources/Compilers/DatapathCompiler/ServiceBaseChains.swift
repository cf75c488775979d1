import NFTables
import NetworkTypes
import NodeModel

/// The chains that lead packets to services, whatever the services are.
///
/// The kernel asks a NAT chain once for every connection, so packets that follow pay nothing for services.
enum ServiceBaseChains {
    private static let families = IPAddress.Family.allCases

    static func all(_ state: NodeState) -> [Name: Chain] {
        [
            KernelNames.natPrerouting: natPrerouting(state),
            KernelNames.natOutput: natOutput(state),
            KernelNames.guardOutput: Chain(Chain.Base(.filter, .output, priority: 0), rules: [refuse]),
            KernelNames.unservedService: Chain(rules: [
                Rule(id: "to be refused", .setMark(ServiceMarks.unserved), .verdict(.accept))
            ]),
            KernelNames.fromServices: fromServices(state.node),
        ]
    }

    /// NAT chains cannot refuse a packet, so they mark it for chains like this.
    static let refuse = KernelNames.Drop.unserved.rule(ServiceMarks.isUnserved)

    /// Packets that are led back to the pod they come from: a pod and itself are one whatever policies say, as when the
    /// pod speaks to its own address.
    static var hairpins: [Rule] {
        families.map { family in
            Rule(
                id: "pods to themselves", ServiceMarks.isChosen,
                .lookup([.sourceAddress(family), .destinationAddress(family)], KernelNames.hairpins(family)),
                .verdict(.accept))
        }
    }

    /// Loopback addresses are open to pods' interfaces, so that answers to the node's own processes find back; whoever else
    /// sends there is kept out.
    static let guardLoopback = KernelNames.Drop.loopback.rule(
        .match(.inputInterface, .value(.interface("lo")), negated: true),
        .match(.destinationAddress(.v4), .value(.network(loopback(.v4)))),
        .conntrackState([.established, .related], negated: true))

    /// A pod that asks another node for a node port is led on here, where policies still see who it is.
    private static func natPrerouting(_ state: NodeState) -> Chain {
        let fromPods = Statement.match(.inputInterface, .value(.interface(KernelNames.podInterfaces)))
        let inside = families.map { lookUp(.inside, $0, [fromPods]) }
        let elsewhere = families.map { family in
            Rule(
                id: "pods to node ports anywhere",
                [fromPods, .lookup([.destinationAddress(family)], KernelNames.hosts(family))]
                    + chosen(family, state)
                    + [.verdictMap(ServiceScope.nodePort.key(family), KernelNames.anyNodePortMap(family))])
        }
        let nodePorts = families.map { family in
            lookUpNodePort(
                family, state,
                [.match(.destinationAddress(family), .value(.network(loopback(family))), negated: true)])
        }
        return Chain(
            Chain.Base(.nat, .prerouting, priority: -100),
            rules: inside + families.map { lookUp(.address, $0) } + elsewhere + nodePorts + families.map(noService))
    }

    /// At IPv6's loopback address there are no node ports: the kernel throws answers away that are translated back to it.
    private static func natOutput(_ state: NodeState) -> Chain {
        let notLoopback = Statement.match(
            .destinationAddress(.v6), .value(.network(loopback(.v6))), negated: true)
        return Chain(
            Chain.Base(.nat, .output, priority: -100),
            rules: families.map { lookUp(.inside, $0) } + families.map { lookUp(.address, $0) }
                + families.map { lookUpNodePort($0, state, $0 == .v4 ? [] : [notLoopback]) }
                + families.map(noService))
    }

    private static func lookUp(
        _ scope: ServiceScope, _ family: IPAddress.Family, _ conditions: [Statement] = []
    ) -> Rule {
        Rule(
            id: scope == .inside ? "services from inside" : "services",
            conditions + [.verdictMap(scope.key(family), KernelNames.serviceMap(scope, family))])
    }

    private static func lookUpNodePort(
        _ family: IPAddress.Family, _ state: NodeState, _ conditions: [Statement]
    ) -> Rule {
        Rule(
            id: "node ports",
            [.networkProtocol(family), .addressType(.destination, [.local])] + conditions + chosen(family, state)
                + [.verdictMap(ServiceScope.nodePort.key(family), KernelNames.serviceMap(.nodePort, family))])
    }

    /// Where an administrator said which addresses of nodes serve node ports.
    private static func chosen(_ family: IPAddress.Family, _ state: NodeState) -> [Statement] {
        state.nodePortRanges.isEmpty
            ? [] : [.lookup([.destinationAddress(family)], KernelNames.nodePortRanges(family))]
    }

    static func loopback(_ family: IPAddress.Family) -> CIDR {
        switch family {
        case .v4: CIDR(IPAddress(v4: 0x7F00_0000), prefixLength: 8) ?? .everything(.v4)
        case .v6: CIDR(host: IPAddress(family: .v6, bits: 1))
        }
    }

    /// What no service has of their addresses is nobody's.
    private static func noService(_ family: IPAddress.Family) -> Rule {
        Rule(
            id: "no service", .lookup([.destinationAddress(family)], KernelNames.serviceRanges(family)),
            .verdict(.goto(KernelNames.unservedService)))
    }

    /// Answers must come back this way where they would find another: to a client that is not a pod of this node from
    /// an endpoint elsewhere, to a pod from itself, and to a loopback address.
    private static func fromServices(_ node: NodeNetwork?) -> Chain {
        let pods = Statement.Operand.value(.interface(KernelNames.podInterfaces))
        let overlay = Statement.Operand.value(.interface(KernelNames.overlayInterface))
        return Chain(
            rules: families.flatMap { family -> [Rule] in
                guard let address = node?.returnAddress(family) else { return [] }
                let asNode = Statement.sourceNAT(.address(address))
                let fromLoopback = Rule(
                    id: "from loopback", .match(.sourceAddress(family), .value(.network(loopback(family)))), asNode)
                return (family == .v4 ? [fromLoopback] : []) + [
                    Rule(
                        id: "pods to themselves",
                        .lookup([.sourceAddress(family), .destinationAddress(family)], KernelNames.hairpins(family)),
                        asNode),
                    Rule(
                        id: "from outside to remote pods", .networkProtocol(family),
                        .match(.inputInterface, pods, negated: true), .match(.outputInterface, overlay), asNode),
                    Rule(
                        id: "from remote pods to remote pods", .networkProtocol(family),
                        .match(.inputInterface, overlay), .match(.outputInterface, overlay), asNode),
                    Rule(
                        id: "from outside to the outside", .networkProtocol(family),
                        .match(.inputInterface, pods, negated: true), .match(.outputInterface, pods, negated: true),
                        asNode),
                ]
            })
    }
}

extension NodeNetwork {
    /// Where answers find this node: its own address, or one of its subnets that nobody has.
    fileprivate func returnAddress(_ family: IPAddress.Family) -> IPAddress? {
        hostAddress(family) ?? subnets.first { $0.family == family }?.address
    }
}
