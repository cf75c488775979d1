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
            KernelNames.natPrerouting: natPrerouting,
            KernelNames.natOutput: natOutput,
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

    /// A pod that asks another node for a node port is led on here, where policies still see who it is.
    private static var natPrerouting: Chain {
        Chain(
            Chain.Base(.nat, .prerouting, priority: -100),
            rules: families.map { lookUp(.address, $0) }
                + families.map { family in
                    Rule(
                        id: "pods to node ports anywhere",
                        .match(.inputInterface, .value(.interface(KernelNames.podInterfaces))),
                        .lookup([.destinationAddress(family)], KernelNames.hosts(family)),
                        .verdictMap(ServiceScope.nodePort.key(family), KernelNames.anyNodePortMap(family)))
                } + families.map { lookUpNodePort($0) } + families.map(noService))
    }

    private static var natOutput: Chain {
        Chain(
            Chain.Base(.nat, .output, priority: -100),
            rules: families.map { lookUp(.address, $0) } + families.map { lookUpNodePort($0) }
                + families.map(noService))
    }

    private static func lookUp(_ scope: ServiceScope, _ family: IPAddress.Family) -> Rule {
        Rule(id: "services", .verdictMap(scope.key(family), KernelNames.serviceMap(scope, family)))
    }

    /// Not at the loopback addresses: answers of pods would not find back to them.
    private static func lookUpNodePort(_ family: IPAddress.Family) -> Rule {
        Rule(
            id: "node ports", .networkProtocol(family), .addressType(.destination, [.local]),
            .match(.destinationAddress(family), .value(.network(loopback(family))), negated: true),
            .verdictMap(ServiceScope.nodePort.key(family), KernelNames.serviceMap(.nodePort, family)))
    }

    private static func loopback(_ family: IPAddress.Family) -> CIDR {
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
    /// an endpoint elsewhere, and to a pod from itself.
    private static func fromServices(_ node: NodeNetwork?) -> Chain {
        let pods = Statement.Operand.value(.interface(KernelNames.podInterfaces))
        let overlay = Statement.Operand.value(.interface(KernelNames.overlayInterface))
        return Chain(
            rules: families.flatMap { family -> [Rule] in
                guard let address = node?.returnAddress(family) else { return [] }
                let asNode = Statement.sourceNAT(.address(address))
                return [
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
