import NFTables
import NetworkTypes

/// Tables in which every statement occurs in a place where nft allows it.
enum StatementCatalogue {
    static let tables = [filter, translation, arp, ingress]

    private static let pod = IPAddress(v4: 0x0A00_0001)
    private static let podV6 = IPAddress(family: .v6, bits: UInt128(0xFD00) << 112 | 1)
    private static let mac = MACAddress(bits: 0x0200_0000_0001)

    private static func rules(_ statements: [Statement]) -> [Rule] {
        statements.enumerated().map { Rule(id: "rule \($0.offset)", [$0.element]) }
    }

    static var filter: Table {
        let common = RandomTable.conditions + RandomTable.protocolConditions + RandomTable.ends
        let more: [Statement] = [
            .reversePathMissing, .clampSegmentSize, .notrack, .reject(), .reject(.reset), .reject(.portUnreachable),
            .reject(.hostUnreachable), RandomTable.classifier, .update("seen_1", [.sourceAddress(.v4)], timeout: 5),
            .lookup([.inputInterface, .etherSource, .sourceAddress(.v4)], "guard_1", negated: true),
            .match(.sourceAddress(.v6), .set("peers_1")), .match(.originalSource(.v6), .value(.address(podV6))),
            .match(.etherDestination, .value(.mac(mac)), negated: true),
        ]
        // Reverse path and conntrack bypass belong to early hooks, the segment size to late ones.
        let early = more.filter { $0 == .reversePathMissing || $0 == .notrack }
        let late = common + more.filter { $0 != .reversePathMissing && $0 != .notrack }
        return Table(
            .inet, "filter_1",
            chains: [
                "early_1": Chain(Chain.Base(.filter, .prerouting, priority: -300), rules: rules(early)),
                "forward_1": Chain(Chain.Base(.filter, .forward, priority: 0), rules: rules(late)),
            ],
            sets: [
                "seen_1": NamedSet(.ipv4Address, flags: [.dynamic, .timeout], timeout: 60),
                "guard_1": NamedSet(
                    .interfaceName, .etherAddress, .ipv4Address,
                    elements: [ElementKey(.interface("gab0123456789ab"), .mac(mac), .address(pod))]),
                "peers_1": NamedSet(
                    .ipv6Address, flags: .interval, elements: [ElementKey(.network(.everything(.v6)))]),
            ])
    }

    static var translation: Table {
        let tcp = Statement.match(.layer4Protocol, .value(.transport(.tcp)))
        let service = ElementKey(.address(pod), .transport(.tcp), .port(80))
        let serviceV6 = ElementKey(.address(podV6), .transport(.tcp), .port(80))
        let destinations: [[Statement]] = [
            [.destinationNAT(.map([.destinationAddress(.v4), .layer4Protocol, .destinationPort], "services_1", .v4))],
            [.destinationNAT(.map([.destinationAddress(.v6), .layer4Protocol, .destinationPort], "services_2", .v6))],
            [tcp, .destinationNAT(.address(pod, ports: PortRange(8080)))],
            [tcp, .destinationNAT(.address(podV6, ports: PortRange(8080)))],
        ]
        return Table(
            .inet, "nat_1",
            chains: [
                "in_1": Chain(
                    Chain.Base(.nat, .prerouting, priority: -100),
                    rules: destinations.enumerated().map { Rule(id: "d \($0.offset)", $0.element) }),
                "choose_1": Chain(rules: [
                    Rule(
                        id: "as before", .mapMark([.sourceAddress(.v4)], "memory_1"),
                        .updateMap("memory_1", [.sourceAddress(.v4)], .mark, timeout: 60)),
                    Rule(id: "forget", .deleteFromMap("memory_1", [.sourceAddress(.v4)], .mark)),
                    Rule(id: "any", .networkProtocol(.v4), .numberMark(below: 3, offset: 0x6700_0000)),
                ]),
                "out_1": Chain(
                    Chain.Base(.nat, .postrouting, priority: 100),
                    rules: rules([.sourceNAT(.address(pod)), .sourceNAT(.address(podV6)), .masquerade])),
            ],
            maps: [
                "memory_1": NamedMap(
                    definition: SetDefinition(
                        key: [.ipv4Address], data: .values([.mark]), flags: [.dynamic, .timeout], size: 1000)),
                "services_1": NamedMap(
                    .ipv4Address, .inetProtocol, .inetService, to: [.ipv4Address, .inetService],
                    elements: [service: ElementKey(.address(pod), .port(8080))]),
                "services_2": NamedMap(
                    .ipv6Address, .inetProtocol, .inetService, to: [.ipv6Address, .inetService],
                    elements: [serviceV6: ElementKey(.address(podV6), .port(8080))]),
            ])
    }

    static var arp: Table {
        let key: [Field] = [.inputInterface, .arpSenderEther, .arpSenderAddress]
        return Table(
            .arp, "arp_1",
            chains: [
                "input_1": Chain(
                    Chain.Base(.filter, .input, priority: 0),
                    rules: rules([
                        .match(.arpSenderAddress, .value(.address(pod))), .match(.arpSenderEther, .value(.mac(mac))),
                        .match(.arpTargetAddress, .value(.address(pod)), negated: true), .arpOperation(.request),
                        .arpOperation(.reply), .lookup(key, "guard_1", negated: true), .verdict(.drop),
                    ]))
            ],
            sets: [
                "guard_1": NamedSet(
                    .interfaceName, .etherAddress, .ipv4Address,
                    elements: [ElementKey(.interface("gab1"), .mac(mac), .address(pod))])
            ])
    }

    static var ingress: Table {
        Table(
            .netdev, "ingress_1",
            chains: [
                "lo_1": Chain(
                    Chain.Base(.filter, .ingress, priority: 0, device: "lo"),
                    rules: rules([.match(.etherSource, .value(.mac(mac))), .verdict(.drop)]))
            ])
    }
}
