import CNISpec
import Foundation
import Testing

@Suite("Results have exactly the fields of the version asked for")
struct CNIResultTests {
    static let result = CNIResult(
        interfaces: [
            .init(name: "gab0123456789ab", mac: "0a:58:0a:80:00:01", mtu: 1450),
            .init(name: "eth0", mac: "0a:58:0a:80:00:05", mtu: 1450, sandbox: "/run/netns/c1"),
        ],
        ips: [
            .init(address: "10.128.0.5/32", gateway: "169.254.1.1", interface: 1),
            .init(address: "fd01::5/128", gateway: "fe80::1", interface: 1),
        ],
        routes: [.init(dst: "0.0.0.0/0", gw: "169.254.1.1"), .init(dst: "::/0", gw: "fe80::1")])

    func text(_ result: CNIResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }

    @Test("1.1.0 has MTUs and no family")
    func newest() throws {
        #expect(
            try text(Self.result.converted(to: .v1_1_0))
                == #"{"cniVersion":"1.1.0","dns":{},"interfaces":[{"mac":"0a:58:0a:80:00:01","mtu":1450,"name":"gab0123456789ab"},"#
                + #"{"mac":"0a:58:0a:80:00:05","mtu":1450,"name":"eth0","sandbox":"/run/netns/c1"}],"#
                + #""ips":[{"address":"10.128.0.5/32","gateway":"169.254.1.1","interface":1},"#
                + #"{"address":"fd01::5/128","gateway":"fe80::1","interface":1}],"#
                + #""routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"::/0","gw":"fe80::1"}]}"#)
    }

    @Test("0.3.1 and 0.4.0 name each address's family and know no MTU", arguments: [SpecVersion.v0_3_1, .v0_4_0])
    func old(_ version: SpecVersion) throws {
        let converted = Self.result.converted(to: version)
        #expect(converted.cniVersion == version.rawValue)
        #expect(converted.ips?.map(\.version) == ["4", "6"])
        #expect(converted.interfaces?.allSatisfy { $0.mtu == nil } == true)
        #expect(!(try text(converted)).contains("mtu"))
    }

    @Test("a result of an old version, given back as prevResult, survives the way to a new one")
    func roundTrip() throws {
        let old = try text(Self.result.converted(to: .v0_3_1))
        let read = try JSONDecoder().decode(CNIResult.self, from: Data(old.utf8))
        #expect(read.converted(to: .v1_0_0) == Self.result.converted(to: .v1_0_0))
    }

    @Test("in a chain, our interfaces come after the earlier ones and our addresses point at ours")
    func chained() throws {
        let earlier = CNIResult(
            interfaces: [.init(name: "lo", mac: "00:00:00:00:00:00", mtu: 65536, sandbox: "/run/netns/c1")],
            ips: [.init(address: "127.0.0.1/8", gateway: nil, interface: 0)])
        let chained = Self.result.appended(to: earlier)
        #expect(chained.interfaces?.map(\.name) == ["lo", "gab0123456789ab", "eth0"])
        #expect(chained.ips?.map(\.interface) == [0, 2, 2])
    }
}

@Suite("Frames, errors and versions on the wire")
struct WireTests {
    @Test("a frame's header gives back its length", arguments: [0, 1, 255, 256, 65_536, Frame.maximumBody])
    func header(_ length: Int) {
        let frame = Frame.encode([UInt8](repeating: 7, count: length))
        #expect(frame.count == length + Frame.headerLength)
        #expect(Frame.bodyLength(header: frame.prefix(Frame.headerLength)) == length)
    }

    @Test("a header beyond the limit, or cut short, is refused")
    func badHeader() {
        #expect(Frame.bodyLength(header: [0xFF, 0, 0, 0]) == nil)
        #expect(Frame.bodyLength(header: [0, 0, 1]) == nil)
    }

    @Test("an error document carries the specification's numbers")
    func errorDocument() {
        let document = PluginError(.tryAgainLater, "no agent", details: "start it").document(version: "1.0.0")
        #expect(document.code == 11)
        #expect(document.cniVersion == "1.0.0")
        #expect(document.details == "start it")
    }

    @Test("VERSION echoes a version that we speak and lists them all", arguments: ["0.3.1", "1.1.0", "9.9.9", nil])
    func version(_ asked: String?) {
        let info = VersionInfo(asked: asked)
        #expect(info.supportedVersions == ["0.3.1", "0.4.0", "1.0.0", "1.1.0"])
        #expect(info.cniVersion == (asked == "9.9.9" ? "1.1.0" : asked ?? "1.1.0"))
    }
}
