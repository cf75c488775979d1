import Keepalived
import NetworkTypes
import TestRandom
import TestSupport
import Testing
import ToolRunner

@Suite(.requiresRoot) struct RandomConfigurationTests {
    static func configuration(_ random: inout SeededGenerator, in directory: TemporaryDirectory) throws
        -> KeepalivedConfiguration
    {
        let pipe = try #require(QuotedPath(directory.file("notify pipe")))
        let health = try #require(QuotedPath(directory.file("health 'x' #1 {")))
        let trackFile = KeepalivedConfiguration.TrackFile(name: Word("health {\n}"), path: health)
        try directory.write("0\n", to: "health 'x' #1 {")
        let instances = (1...Int.random(in: 1...40, using: &random)).map { number in
            let isV6 = Bool.random(using: &random)
            let base: (UInt128) -> IPAddress = { low in
                isV6
                    ? IPAddress(family: .v6, bits: UInt128(0x2001_0DB8) << 96 | low)
                    : IPAddress(v4: 0xC000_0200 | UInt32(low))
            }
            let key = AuthenticationKey(secret: [UInt8.random(in: 0...255, using: &random)])
            let version: KeepalivedConfiguration.ProtocolVersion =
                !isV6 && Bool.random(using: &random)
                ? .twoSigned(seconds: Int.random(in: 1...255, using: &random), key)
                : .three(hundredths: Int.random(in: 1...4_095, using: &random))
            return KeepalivedConfiguration.Instance(
                name: Word("vip \(number) \"};{$\(isV6)"), routerID: UInt8(number),
                priority: UInt8.random(in: 1...254, using: &random), interface: Word("vrrp0"), source: base(1),
                peers: (0..<Int.random(in: 0...5, using: &random)).map { base(UInt128(2 + $0)) },
                protocolVersion: version, preemptDelay: Int.random(in: 0...1_000, using: &random),
                address: base(UInt128(100 + number)), addressInterface: Word("vrrp0"),
                trackFile: Bool.random(using: &random) ? trackFile.name : nil)
        }
        return KeepalivedConfiguration(notifyPipe: pipe, trackFiles: [trackFile], instances: instances)
    }

    @Test("keepalived understands every file, whatever names and paths are in it", arguments: 0..<15 as Range<UInt64>)
    func understood(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (directory, namespace) = (try TemporaryDirectory(), try TestNamespace("conf"))
        try namespace.run("/usr/sbin/ip", "link", "add", "vrrp0", "up", "type", "veth", "peer", "name", "vrrp1")
        try namespace.run("/usr/sbin/ip", "address", "add", "192.0.2.1/24", "dev", "vrrp0")
        try namespace.run("/usr/sbin/ip", "address", "add", "2001:db8::1/64", "dev", "vrrp0", "nodad")
        let configuration = try Self.configuration(&random, in: directory)
        let path = try directory.write(configuration.text, to: "keepalived.conf")
        let output = try await ToolRunner().run("keepalived", ["-t", "-l", "-f", path], in: namespace.reference)
        // What it does not understand and goes over it tells, and ends with 0.
        let complaints = (output.text + output.errorText).split(separator: "\n").filter { line in
            [
                "Unknown", "unknown", "invalid", "Invalid", "missing", "Unexpected", "out of range", "ignoring",
                "skipping",
            ]
            .contains { line.contains($0) }
        }
        #expect(complaints.isEmpty, "\(complaints)\n\(configuration.text)")
    }
}
