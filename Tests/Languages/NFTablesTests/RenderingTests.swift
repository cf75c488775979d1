import NFTables
import NetworkTypes
import TestRandom
import Testing

private let pod = IPAddress(v4: 0x0A00_0001)
private let podV6 = IPAddress(family: .v6, bits: UInt128(0xFD00) << 112 | 1)

@Suite("Rendering")
struct RenderingTests {
    static let statements: [(Statement, String)] = [
        (.conntrackState([.related, .established]), "ct state established,related"),
        (.conntrackState([.new, .invalid], negated: true), "ct state & (invalid | new) == 0"),
        (.conntrackDirection(.reply), "ct direction reply"),
        (.conntrackTranslated(destination: true), "ct status dnat"),
        (.match(.inputInterface, .value(.interface("gab*"))), "iifname \"gab*\""),
        (.match(.outputInterface, .value(.interface("eth0")), negated: true), "oifname != \"eth0\""),
        (.inputGroup(71), "meta iifgroup 71"),
        (.match(.sourceAddress(.v4), .value(.address(pod))), "ip saddr 10.0.0.1"),
        (.match(.destinationAddress(.v6), .value(.address(podV6))), "ip6 daddr fd00::1"),
        (.match(.layer4Protocol, .anyOf([.transport(.udp), .transport(.tcp)])), "meta l4proto { 6, 17 }"),
        (.match(.destinationPort, .value(.ports(PortRange(80)))), "th dport 80"),
        (.lookup([.sourceAddress(.v4), .destinationPort], "peers_1"), "ip saddr . th dport @peers_1"),
        (
            .lookup([.inputInterface, .arpSenderEther, .arpSenderAddress], "guard_1", negated: true),
            "iifname . arp saddr ether . arp saddr ip != @guard_1"
        ),
        (.arpOperation(.request), "arp operation request"),
        (.networkProtocol(.v6), "meta nfproto ipv6"),
        (.icmpv6Type([136, 135]), "icmpv6 type { 135, 136 }"),
        (.addressType(.destination, [.local]), "fib daddr type local"),
        (.reversePathMissing, "fib saddr . iif oif missing"),
        (.setMark(0x1F), "meta mark set 0x1f"),
        (.numberMark(below: 3, offset: 256), "meta mark set numgen random mod 3 offset 256"),
        (.mapMark([.layer4Protocol, .mark], "choices_1"), "meta mark set meta l4proto . meta mark map @choices_1"),
        (
            .updateMap("seen_1", [.sourceAddress(.v4)], .mark, timeout: 9),
            "update @seen_1 { ip saddr timeout 9s : meta mark }"
        ),
        (.deleteFromMap("seen_1", [.sourceAddress(.v4)], .mark), "delete @seen_1 { ip saddr : meta mark }"),
        (.maskedMark(1, mask: 3), "meta mark & 0x3 == 0x1"),
        (.maskedConntrackMark(1, mask: 3), "ct mark & 0x3 == 0x1"),
        (.maskedConntrackMark(1, mask: 3, negated: true), "ct mark & 0x3 != 0x1"),
        (.clampSegmentSize, "tcp flags syn tcp option maxseg size set rt mtu"),
        (.log(group: 5, prefix: "a\"b"), "log prefix \"a?b\" group 5"),
        (.limit(.init(10, per: .second, burst: 5, over: true)), "limit rate over 10/second burst 5 packets"),
        (.counter, "counter"), (.namedCounter("denied_1"), "counter name \"denied_1\""),
        (.masquerade, "masquerade"), (.sourceNAT(.address(pod)), "snat ip to 10.0.0.1"),
        (.destinationNAT(.address(podV6, ports: PortRange(80))), "dnat ip6 to [fd00::1]:80"),
        (
            .destinationNAT(.map([.destinationAddress(.v4), .layer4Protocol, .destinationPort], "services_1", .v4)),
            "dnat ip to ip daddr . meta l4proto . th dport map @services_1"
        ),
        (.reject(), "reject with icmpx type admin-prohibited"), (.verdict(.jump("pod_1")), "jump pod_1"),
        (.verdictMap([.layer4Protocol, .destinationPort], "ports_1"), "meta l4proto . th dport vmap @ports_1"),
        (
            .anonymousVerdictMap(
                [.layer4Protocol, .destinationPort],
                [
                    ElementKey(.transport(.udp), .ports(PortRange.all)): .drop,
                    ElementKey(.transport(.tcp), .port(80)): .goto("web_1"),
                ]),
            "meta l4proto . th dport vmap { 6 . 80 : goto web_1, 17 . 0-65535 : drop }"
        ),
    ]

    @Test("a statement reads as nft writes it", arguments: statements)
    func statement(statement: Statement, text: String) {
        #expect(statement.text == text)
    }

    static let values: [(ElementValue?, String)] = [
        (.network(.everything(.v4)), "0.0.0.0/0"),
        (.network(.everything(.v6)), "::/0"),
        (.network(CIDR(host: pod)), "10.0.0.1"),
        (.addresses(pod, through: IPAddress(v4: 0x0A00_0004)), "10.0.0.1-10.0.0.4"),
        (.addresses(IPAddress(v4: 0x0A00_0000), through: IPAddress(v4: 0x0A00_00FF)), "10.0.0.0/24"),
        (.ports(PortRange.all), "0-65535"),
        (.interface("abcdefghijklmno"), "\"abcdefghijklmno\""),
        (.interface("g*"), "\"g*\""),
        (.mark(255), "0xff"),
        (.mac(MACAddress(bits: 0x0200_0000_000A)), "02:00:00:00:00:0a"),
    ]

    @Test("a value reads as nft writes it", arguments: values)
    func value(value: ElementValue?, text: String) {
        #expect(value?.text == text)
    }

    static let names = [
        ("pod_1", "pod_1"), ("a b", "a_20b"), ("1st", "_1st"), ("", "_"),
        ("a\"; flush ruleset\n", "a_22_3b_20flush_20ruleset_0a"),
        ("é", "_c3_a9"),
    ]

    @Test("a name is an identifier, whatever it was made from", arguments: names)
    func name(text: String, expected: String) {
        #expect(Name(text).text == expected)
    }

    @Test("a long name is cut to the kernel's limit and stays distinct")
    func longNames() {
        let first = Name(String(repeating: "x", count: 400) + "1")
        let second = Name(String(repeating: "x", count: 400) + "2")
        #expect(first.text.utf8.count <= 255 && first != second)
    }

    @Test("a whole table reads from definitions to elements")
    func table() {
        let key = ElementKey(.address(pod))
        let table = Table(
            .inet, "gabion",
            chains: [
                "forward_1": Chain(
                    .init(.filter, .forward, priority: -5, policy: .drop),
                    rules: [Rule(id: "shop/web", .verdictMap([.sourceAddress(.v4)], "pods_1"))]),
                "pod_1": Chain(),
            ],
            sets: ["seen_1": NamedSet(.ipv4Address, .inetService, flags: [.dynamic, .timeout], timeout: 60)],
            maps: ["pods_1": NamedMap(.ipv4Address, verdicts: [key: .goto("pod_1")])], counters: ["denied_1"])
        let hash = "shop/web\nip saddr vmap @pods_1".stableHash.prefix(8)
        #expect(
            Transaction.plan(from: nil as Table?, to: table).text == """
                add table inet gabion
                add counter inet gabion denied_1
                add chain inet gabion forward_1 { type filter hook forward priority -5; policy drop; }
                add chain inet gabion pod_1
                add set inet gabion seen_1 { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 60s; }
                add map inet gabion pods_1 { type ipv4_addr : verdict; }
                add rule inet gabion forward_1 ip saddr vmap @pods_1 comment "shop/web #\(hash)"
                add element inet gabion pods_1 { 10.0.0.1 : goto pod_1 }

                """)
    }

    @Test("a comment is at most 127 bytes of plain text and ends in the hash", arguments: 0..<200)
    func comments(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let bytes = (0..<seed * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
        let comment = Rule(id: String(decoding: bytes, as: UTF8.self), .counter).comment
        #expect(comment.utf8.count <= 127)
        #expect(comment.utf8.allSatisfy { (0x20...0x7E).contains($0) && !"\"\\$*".utf8.contains($0) })
        #expect(comment.dropLast(8).hasSuffix(" #"))
    }

    @Test("rules that differ anywhere have different comments")
    func identity() {
        let long = String(repeating: "x", count: 200)
        let rules = [
            Rule(id: "a", .counter), Rule(id: "b", .counter), Rule(id: "a", .counter, .counter),
            Rule(id: long + "1", .counter), Rule(id: long + "2", .counter),
        ]
        #expect(Set(rules.map(\.comment)).count == rules.count)
    }
}
