import NFTables
import NetworkTypes

/// The chains by which selected pods leave the cluster, whoever is selected.
///
/// What is marked may go the way of its mark and no other: a lost route, or a node that no longer holds the address, drops it.
enum EgressBaseChains {
    private static let families = IPAddress.Family.allCases

    static func all(_ vxlanPort: UInt16) -> [Name: Chain] {
        [
            KernelNames.egressClosed: Chain(rules: [mark(EgressMarks.closed, "nobody holds an address")]),
            KernelNames.egressHere: Chain(rules: [mark(EgressMarks.here, "out of this node")]),
            KernelNames.keepEgress: Chain(rules: [
                Rule(id: "for the whole connection", .saveMark, .verdict(.accept))
            ]),
            KernelNames.egressForward: forward,
            KernelNames.egressTransit: transitChain(vxlanPort),
        ]
    }

    static func mark(_ mark: UInt32, _ id: String) -> Rule {
        Rule(id: id, .setMark(mark), .verdict(.goto(KernelNames.keepEgress)))
    }

    /// After destinations are translated and before the packet is routed; there is no such chain where no pod is selected.
    ///
    /// A connection's first packet chooses, by one lookup; the others follow.
    static var prerouting: Chain {
        let inside = families.flatMap { family in
            [KernelNames.clusterRanges(family), KernelNames.hosts(family)].map {
                Rule(id: "inside the cluster", .lookup([.destinationAddress(family)], $0), .verdict(.accept))
            }
        }
        // Another machine's metadata would be the holder's.
        let metadata = families.map { family in
            Rule(
                id: "this machine's metadata", .lookup([.destinationAddress(family)], KernelNames.metadata(family)),
                .verdict(.accept))
        }
        let ways = families.map { family in
            Rule(id: "way by source", .verdictMap([.sourceAddress(family)], KernelNames.egressWays(family)))
        }
        return Chain(
            Chain.Base(.filter, .prerouting, priority: -90),
            rules: [
                Rule(id: "not from pods", .match(.inputInterface, pods, negated: true), .verdict(.accept)),
                Rule(
                    id: "as chosen", .conntrackDirection(.original), EgressMarks.isEgressConnection, .restoreMark,
                    .verdict(.accept)),
                Rule(id: "chosen before", .conntrackState(.new, negated: true), .verdict(.accept)),
                Rule(id: "to be refused", ServiceMarks.isUnserved, .verdict(.accept)),
            ] + inside + metadata + ways)
    }

    /// Of every forwarded packet, whether somebody is selected or not: a connection that once had a way has no other.
    static let guardWays = Rule(
        id: "egress", EgressMarks.isEgressConnection, .verdict(.jump(KernelNames.egressForward)))

    private static var forward: Chain {
        Chain(rules: [
            Rule(id: "answers", .conntrackDirection(.reply), .verdict(.return)),
            KernelNames.Drop.noEgressAddress.rule(isMarked(EgressMarks.closed)),
            Rule(
                id: "out of this node", isMarked(EgressMarks.here), .match(.outputInterface, pods, negated: true),
                .verdict(.return)),
            KernelNames.Drop.egressStray.rule(isMarked(EgressMarks.here)),
            Rule(
                id: "to the holder", EgressMarks.isEgress, .match(.outputInterface, overlay), .verdict(.return)),
            KernelNames.Drop.egressStray.rule(),
        ])
    }

    /// Other nodes' pods, before policies: those are their own nodes' business.
    static let guardTransit = Rule(
        id: "from the overlay to the outside", fromOverlay, toOutside,
        .verdict(.goto(KernelNames.egressTransit)))

    /// Nobody outside begins connections by another node's overlay: this answers one that is forgotten here.
    ///
    /// Taken for the first packet of a connection, it would let the pod's next packets out as answers, untranslated.
    static var lateAnswers: [Rule] {
        families.map { family in
            KernelNames.Drop.egressStray.rule(
                fromOverlay, .lookup([.sourceAddress(family)], KernelNames.clusterRanges(family), negated: true),
                .lookup([.sourceAddress(family)], KernelNames.hosts(family), negated: true))
        }
    }

    /// Only first packets are translated, so nothing else may pass that is not part of a connection.
    private static func transitChain(_ vxlanPort: UInt16) -> Chain {
        Chain(
            rules: [
                KernelNames.Drop.invalid.rule(.conntrackState(.new, negated: true)),
                KernelNames.Drop.tunnelFromPod.rule(
                    .match(.layer4Protocol, .value(.transport(.udp))),
                    .match(.destinationPort, .value(.port(vxlanPort)))),
            ] + families.map { Rule(id: "to be translated", fromPodRange($0), .verdict(.accept)) } + [
                KernelNames.Drop.egressStray.rule()
            ])
    }

    /// In `nat_postrouting`: other nodes' pods have an address here, or do not leave.
    ///
    /// The overlay's own packets come by here as from its interface, with the mark of what is in them: sources tell them apart.
    static var transit: [Rule] {
        families.map { translate($0, "other nodes' pods", [fromOverlay, toOutside]) }
            + families.map { KernelNames.Drop.egressStray.rule(fromOverlay, toOutside, fromPodRange($0)) }
    }

    /// Likewise this node's pods, if they are selected.
    static var leaving: [Rule] {
        families.map { translate($0, "selected pods", [isMarked(EgressMarks.here), toOutside]) }
            + families.map { KernelNames.Drop.egressStray.rule(EgressMarks.isEgress, toOutside, fromPodRange($0)) }
    }

    private static func fromPodRange(_ family: IPAddress.Family) -> Statement {
        .lookup([.sourceAddress(family)], KernelNames.clusterRanges(family))
    }

    private static func translate(_ family: IPAddress.Family, _ id: String, _ conditions: [Statement]) -> Rule {
        Rule(
            id: id,
            conditions + [
                .networkProtocol(family),
                .sourceNAT(.map([.sourceAddress(family)], KernelNames.egressAddresses(family), family)),
            ])
    }

    private static func isMarked(_ mark: UInt32) -> Statement { .match(.mark, .value(.mark(mark))) }

    private static let pods = Statement.Operand.value(.interface(KernelNames.podInterfaces))
    private static let overlay = Statement.Operand.value(.interface(KernelNames.overlayInterface))
    private static let fromOverlay = Statement.match(.inputInterface, overlay)
    private static let toOutside = Statement.match(.outputInterface, pods, negated: true)
}
