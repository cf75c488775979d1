import NFTables
import NetworkTypes

extension RandomTable {
    /// Conditions that say nothing of the protocol and need no named object.
    static let conditions: [Statement] = [
        .conntrackState([.established, .related]),
        .conntrackState([.new], negated: true),
        .conntrackDirection(.reply),
        .conntrackTranslated(destination: true),
        .conntrackTranslated(destination: false, negated: true),
        .inputGroup(71), .outputGroup(3, negated: true),
        .maskedMark(1, mask: 1), .maskedMark(0, mask: 0xFF00, negated: true),
        .maskedConntrackMark(1, mask: 1), .maskedConntrackMark(0, mask: 0xFF00, negated: true),
        .addressType(.destination, [.local]), .addressType(.source, [.multicast, .broadcast], negated: true),
        .limit(Statement.Limit(10, per: .second, burst: 20)), .limit(Statement.Limit(7, per: .minute, over: true)),
        .match(.inputInterface, .value(.interface("gab*"))),
        .match(.outputInterface, .value(.interface("eth0")), negated: true),
        .match(.inputInterface, .anyOf([.interface("gab*"), .interface("lo")])),
        .match(.mark, .value(.mark(7))), .match(.conntrackMark, .value(.mark(7)), negated: true),
    ]

    /// Conditions that say something of the protocol, of which a rule may have one.
    static let protocolConditions: [Statement] = [
        .networkProtocol(.v6), .icmpType([8, 0]), .icmpv6Type([135]),
        .match(.sourceAddress(.v4), .value(.network(CIDR.everything(.v4)))),
        .match(.destinationAddress(.v6), .value(.address(IPAddress(family: .v6, bits: 1))), negated: true),
        .match(.layer4Protocol, .anyOf([.transport(.tcp), .transport(.udp), .transport(.sctp)])),
        .match(.etherSource, .value(.mac(MACAddress(bits: 0x0200_0000_0001)))),
        .match(.originalDestination(.v4), .value(.address(IPAddress(v4: 0x0A00_0001)))),
    ]

    /// Every end and effect that is allowed in any filter chain and needs no named object.
    static let ends: [Statement] = [
        .verdict(.accept), .verdict(.drop), .verdict(.return), .verdict(.continue), .counter,
        .log(group: 5, prefix: "ns/policy \"1\" $x * \\ \u{7}"),
        .log(group: 6, prefix: String(repeating: "long ", count: 60), snapLength: 96),
        .setMark(1), .setConntrackMark(0xFFFF_FFFF), .saveMark, .restoreMark,
    ]

    static let classifier: Statement = .anonymousVerdictMap(
        [.layer4Protocol, .destinationPort],
        [
            ElementKey(.transport(.tcp), .port(80)): .accept,
            ElementKey(.transport(.udp), .ports(PortRange.all)): .drop,
        ])
}
