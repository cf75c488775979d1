import Foundation
import LinkState
import LinuxSystem
import NetworkTypes
import PacketHeaders
import RoutingDriver
import TestSupport
import Testing

@Suite("A device whose other end is a process", .requiresRoot)
struct TunTests {
    private static func device(in namespace: TestNamespace) throws -> TunDevice {
        let device = try TunDevice(named: "tun7", in: namespace.reference)
        for words in [
            ["link", "set", "tun7", "up"], ["addr", "add", "192.0.2.1/24", "dev", "tun7"],
            ["addr", "add", "2001:db8::1/64", "dev", "tun7", "nodad"],
        ] { try TestProgram.run("/usr/sbin/ip", words, in: namespace.reference) }
        return device
    }

    /// The first datagram that the kernel sends; it also asks who else is there.
    private static func datagram(_ device: borrowing TunDevice) throws -> (bytes: [UInt8], packet: IPPacket)? {
        while try Readiness.wait(device.rawDescriptor, for: .readable, timeout: .seconds(2)) {
            guard let bytes = try device.receive(), let packet = IPPacket(bytes) else { continue }
            if packet.ipProtocol == 17 { return (bytes, packet) }
        }
        return nil
    }

    @Test("packets come out as they were sent, and go in as if they had come", arguments: ["192.0.2.9", "2001:db8::9"])
    func bothWays(text: String) throws {
        let namespace = try TestNamespace("tun")
        let device = try Self.device(in: namespace)
        let far = try #require(IPAddress(text))
        let socket = try namespace.inside { try Socket(.udp, far.family) }
        _ = try socket.connect(to: SocketAddress(far, port: 53))
        _ = try socket.send(Array("question".utf8))
        let (bytes, packet) = try #require(try Self.datagram(device))
        let sent = try #require(UDPDatagram(packet.payload))
        #expect(packet.destination == far && sent.destinationPort == 53)
        #expect(Array(sent.data) == Array("question".utf8))
        // An IPv6 address is there for what comes in a moment after it is one for what goes out.
        for _ in 0..<50 where try !Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(100)) {
            #expect(try device.send(Self.turned(bytes, far.family)))
        }
        #expect(try socket.receive() == Array("question".utf8))
    }

    /// The same packet the other way: all checksums are sums, and stay.
    private static func turned(_ bytes: [UInt8], _ family: IPAddress.Family) -> [UInt8] {
        let (place, length, ports) = family == .v4 ? (12, 4, 20) : (8, 16, 40)
        var bytes = bytes
        bytes.replaceSubrange(
            place..<place + 2 * length,
            with: bytes[place + length..<place + 2 * length] + bytes[place..<place + length])
        bytes.replaceSubrange(ports..<ports + 4, with: bytes[ports + 2..<ports + 4] + bytes[ports..<ports + 2])
        return bytes
    }

    @Test("one process has it, what is no packet is not taken, and it goes with its value")
    func ownership() throws {
        let namespace = try TestNamespace("tun")
        do {
            let device = try Self.device(in: namespace)
            #expect(throws: SystemError.self) { _ = try TunDevice(named: "tun7", in: namespace.reference) }
            #expect(try !device.send([1, 2, 3]))
            #expect(try device.send([0x45] + [UInt8](repeating: 0, count: 30)))
        }
        #expect(try !namespace.run("/usr/sbin/ip", "-br", "link").contains("tun7"))
    }

    @Test("the way of answers is not among what an agent takes for its own, and takes away")
    func namesTable() throws {
        let namespace = try TestNamespace("tun")
        let device = try TunDevice(named: LinkState.namesInterface, in: namespace.reference)
        let routing = try Rtnetlink(in: namespace.reference)
        try routing.bringUp(device.name)
        let everywhere = try #require(CIDR("0.0.0.0/0"))
        let route = LinkState.Route(to: everywhere, device: device.name, table: LinkState.Route.namesTable)
        let rule = LinkState.Rule(.v4, priority: 20, mark: .init(0x6900_0000), table: LinkState.Route.namesTable)
        let own = LinkState.Rule(.v4, priority: 21, mark: .init(1), table: LinkState.Route.overlayTable)
        try routing.apply([.addRoute(route), .addRule(rule), .addRule(own)])
        try routing.reconcile(LinkState())
        let left = try routing.observe(.named([device.name]))
        #expect(left.rules == [rule] && left.routes == [route] && left.links.count == 1)
    }

    @Test("a directory's replaced, made and removed files are told")
    func watch() throws {
        let directory = try TemporaryDirectory()
        let watch = try DirectoryWatch(directory.path)
        func isTold() throws -> Bool {
            let told = try Readiness.wait(watch.rawDescriptor, for: .readable, timeout: .milliseconds(200))
            try watch.drain()
            return told
        }
        #expect(try !isTold())
        try directory.write("a", to: "new")
        #expect(try isTold())
        try FileReplacement.move(directory.file("new"), onto: directory.file("file"))
        #expect(try isTold() && !isTold())
        try FileManager.default.removeItem(atPath: directory.file("file"))
        #expect(try isTold())
        #expect(throws: SystemError.self) { _ = try DirectoryWatch("/nowhere") }
    }

    @Test("a pipe wakes until it is drained")
    func wake() throws {
        let pipe = try WakePipe()
        func isAwake() throws -> Bool { try Readiness.wait(pipe.descriptor, for: .readable, timeout: .zero) }
        #expect(try !isAwake())
        for _ in 0..<100_000 { pipe.wake() }
        #expect(try isAwake())
        try pipe.drain()
        #expect(try !isAwake())
    }
}
