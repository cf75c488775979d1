import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeModel
import Testing

@Suite struct GuardTests {
    private static let rules = RulesetInterpreter(table: DatapathCompiler.compile(GoldenTests.state).table)

    private static func packet(
        _ source: String, _ destination: String, input: String = "gab000000000005", mac: String = "0a:58:0a:80:01:05",
        output: String = "eth0", proto: UInt8 = 6, port: UInt16 = 443
    ) throws -> Packet {
        Packet(
            input: input, output: output, mac: try #require(MACAddress(mac)), source: try #require(IPAddress(source)),
            destination: try #require(IPAddress(destination)), proto: proto, port: port)
    }

    @Test(
        "spoofed packets are dropped by name",
        arguments: [
            ("10.128.1.6", "gab000000000005", "0a:58:0a:80:01:05", "drop_spoof"),
            ("10.128.1.5", "gab000000000005", "0a:58:0a:80:01:06", "drop_spoof"),
            ("10.128.1.5", "gab000000000006", "0a:58:0a:80:01:05", "drop_spoof"),
            ("192.168.7.1", "gab000000000005", "0a:58:0a:80:01:05", "drop_spoof"),
            ("fe80::1", "gab000000000005", "0a:58:0a:80:01:05", "drop_spoof"),
            ("10.128.1.5", "gabvxlan", "0a:58:c0:a8:07:02", "drop_overlay_spoof"),
            ("192.168.7.1", "gabvxlan", "0a:58:c0:a8:07:02", "drop_overlay_spoof"),
            ("10.128.2.9", "eth0", "0a:58:c0:a8:07:02", "drop_underlay_spoof"),
        ])
    func spoofing(source: String, input: String, mac: String, reason: String) throws {
        let packet = try Self.packet(
            source, source.contains(":") ? "2001:db8::1" : "203.0.113.9", input: input, mac: mac)
        #expect(try Self.rules.forward(packet) == .dropped(reason))
    }

    @Test("a pod's own packets pass the guard", arguments: ["203.0.113.9", "10.128.2.9", "192.168.7.2"])
    func ownPackets(destination: String) throws {
        let packet = try Self.packet("10.128.1.5", destination)
        #expect(try Self.rules.forward(packet) == .accepted)
    }

    @Test("pods do not speak VXLAN to nodes", arguments: ["192.168.7.1", "192.168.7.2"])
    func tunnelFromPod(destination: String) throws {
        let packet = try Self.packet("10.128.1.5", destination, proto: 17, port: 4789)
        #expect(try Self.rules.run(packet, at: .prerouting) == .dropped("drop_tunnel_from_pod"))
    }

    @Test(
        "the tunnel is heard from nodes only",
        arguments: [
            ("192.168.7.2", RulesetInterpreter.Outcome.accepted), ("192.168.7.9", .dropped("drop_tunnel_stranger")),
        ])
    func tunnelInput(source: String, outcome: RulesetInterpreter.Outcome) throws {
        let packet = try Self.packet(source, "192.168.7.1", input: "eth0", proto: 17, port: 4789)
        #expect(try Self.rules.run(packet, at: .input) == outcome)
    }

    @Test("a closed pod gets and sends nothing, and an address without a pod neither")
    func closed() throws {
        let fromClosed = try Self.packet(
            "10.128.1.6", "203.0.113.9", input: "gab000000000006", mac: "0a:58:0a:80:01:06")
        #expect(try Self.rules.forward(fromClosed) == .dropped("drop_closed"))
        let toClosed = try Self.packet("203.0.113.9", "10.128.1.6", input: "eth0", output: "gab000000000006")
        #expect(try Self.rules.forward(toClosed) == .dropped("drop_closed"))
        let toNobody = try Self.packet("203.0.113.9", "10.128.1.7", input: "eth0", output: "gab000000000005")
        #expect(try Self.rules.forward(toNobody) == .dropped("drop_unknown"))
    }

    @Test("an IPv6 pod may look for doubles of its address from ::, and nothing else")
    func unspecifiedSource() throws {
        var model = NodeModel(nodeName: "one")
        let address = try #require(IPAddress("fd00::5"))
        let mac = MACAddress(derivedFrom: address)
        model.attach(
            PodAttachment(
                pod: .init(namespace: "a", name: "b"), containerID: "c", interface: "gab000000000009",
                addresses: [address], mac: mac))
        _ = model.settle()
        let rules = RulesetInterpreter(table: DatapathCompiler.compile(model.state).table)
        var packet = try Self.packet("::", "ff02::1", input: "gab000000000009", mac: mac.description, proto: 58)
        packet.icmpv6 = 135
        #expect(try rules.run(packet, at: .prerouting) == .accepted)
        packet.icmpv6 = 128
        #expect(try rules.run(packet, at: .prerouting) == .dropped("drop_spoof"))
        packet.source = mac.linkLocalAddress
        #expect(try rules.run(packet, at: .prerouting) == .accepted)
    }
}
