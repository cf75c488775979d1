import Keepalived
import NetworkTypes
import Testing

@Suite struct RenderingTests {
    static func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

    static func instance(
        _ version: KeepalivedConfiguration.ProtocolVersion = .three(hundredths: 25)
    ) -> KeepalivedConfiguration.Instance {
        KeepalivedConfiguration.Instance(
            name: Word("vip-192.0.2.100"), routerID: 7, priority: 250, interface: Word("eth0"),
            source: address("192.0.2.11"), peers: [address("192.0.2.12"), address("192.0.2.13")],
            protocolVersion: version, preemptDelay: 60, address: address("192.0.2.100"),
            addressInterface: Word("eth1"), trackFile: Word("health-x"))
    }

    @Test("an instance is written with its peers, its file and its address")
    func whole() throws {
        let pipe = try #require(QuotedPath("/run/x/notify"))
        let health = try #require(QuotedPath("/run/x/health x"))
        let text = KeepalivedConfiguration(
            notifyPipe: pipe, trackFiles: [.init(name: Word("health-x"), path: health)], instances: [Self.instance()]
        ).text
        let expected = """
            track_file health-x {
                file "/run/x/health x"
                weight 0
            }
            vrrp_instance vip-192.0.2.100 {
                state BACKUP
                interface eth0
                virtual_router_id 7
                priority 250
                version 3
                advert_int 0.25
                unicast_src_ip 192.0.2.11
                unicast_ttl 255
                unicast_peer {
                    192.0.2.12 min_ttl 255 max_ttl 255
                    192.0.2.13 min_ttl 255 max_ttl 255
                }
                preempt_delay 60
                track_interface {
                    eth1
                }
                track_file {
                    health-x
                }
                virtual_ipaddress {
                    192.0.2.100/32 dev eth1
                }
            }

            """
        #expect(text.hasSuffix(expected), "\(text)")
        #expect(text.contains("    vrrp_notify_fifo \"/run/x/notify\"\n"))
    }

    static let intervals: [(Int, String)] = [
        (1, "0.01"), (5, "0.05"), (25, "0.25"), (100, "1.00"), (205, "2.05"), (4_095, "40.95"), (9_999, "40.95"),
        (0, "0.01"),
    ]

    @Test("intervals are hundredths of seconds within the protocol's bounds", arguments: intervals)
    func interval(hundredths: Int, text: String) throws {
        let pipe = try #require(QuotedPath("/x"))
        let configuration = KeepalivedConfiguration(
            notifyPipe: pipe, instances: [Self.instance(.three(hundredths: hundredths))])
        #expect(configuration.text.contains("advert_int \(text)\n"))
    }

    @Test("with a key each packet is signed, and the key is eight harmless characters")
    func signed() throws {
        let pipe = try #require(QuotedPath("/x"))
        let key = AuthenticationKey(secret: Array("}\n#$!".utf8))
        let text = KeepalivedConfiguration(
            notifyPipe: pipe, instances: [Self.instance(.twoSigned(seconds: 1, key))]
        ).text
        let line = try #require(text.split(separator: "\n").first { $0.contains("auth_pass") })
        #expect(text.contains("version 2\n") && text.contains("auth_type AH\n"))
        #expect(try #/ +auth_pass [A-Za-z0-9_-]{8}/#.wholeMatch(in: line) != nil)
        #expect("\(key)" == "a key")
        #expect(key != AuthenticationKey(secret: Array("}\n#$".utf8)))
    }

    @Test(
        "no text becomes anything but one word",
        arguments: ["a b", "x\n}", "#c", "$V", "@host", "!", "\"q\"", "{", "ü", "~SEQ(a)", "", "a=b"])
    func words(text: String) {
        let word = Word(text).text
        #expect(!word.isEmpty && word.utf8.allSatisfy { Array("-._:".utf8).contains($0) || UInt8(ascii: "0") <= $0 })
        #expect(!word.contains { "{}!#$@~\"'= \n".contains($0) }, "\(word)")
    }

    @Test(
        "paths that keepalived would read as something else are none",
        arguments: ["relative", "/a\"b", "/a$b", "/a\nb", "/a\\b", ""])
    func paths(path: String) { #expect(QuotedPath(path) == nil) }

    static let messages: [(String, NotifyMessage?)] = [
        ("INSTANCE \"vip-192.0.2.1\" MASTER 250", NotifyMessage(instance: "vip-192.0.2.1", state: .master)),
        ("INSTANCE \"vip-2001:db8::1\" BACKUP 1", NotifyMessage(instance: "vip-2001:db8::1", state: .backup)),
        ("INSTANCE \"x\" FAULT 3", NotifyMessage(instance: "x", state: .fault)),
        ("INSTANCE \"x\" STOP 3", NotifyMessage(instance: "x", state: .stop)),
        ("INSTANCE \"x\" DELETED 3", NotifyMessage(instance: "x", state: .deleted)),
        ("INSTANCE \"x\" MASTER_RX_LOWER_PRI 3", nil), ("GROUP \"x\" MASTER 3", nil), ("INSTANCE \"x", nil), ("", nil),
        ("INSTANCE \"\" MASTER 3", nil), ("INSTANCE \"x\" ", nil),
    ]

    @Test("notify messages are understood", arguments: messages)
    func notify(line: String, message: NotifyMessage?) { #expect(NotifyMessage(line) == message) }
}
