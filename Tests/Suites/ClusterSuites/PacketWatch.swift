import Foundation
import LinuxSystem
import NetworkTypes
import TestSupport

/// `tcpdump` at one place: which packets for some ports came by, from where, when.
final class PacketWatch {
    struct Packet {
        /// Seconds since 1970.
        let time: Double
        /// Of who put it on this link.
        let mac: String
        let source: String
        /// Where it was sent to.
        let port: UInt16
    }

    private let process: ProcessHandle
    private let output: FileHandle
    private var seen: [Packet] = []
    /// What tcpdump says besides.
    private var remarks: [String] = []
    /// The last line may not be whole.
    private var rest = ""

    /// - Parameter ports: destinations, of UDP and TCP.
    init(_ ports: ClosedRange<UInt16>, in place: NamespaceReference, _ directory: TemporaryDirectory) throws {
        let file = directory.path + "/packets-" + UniqueName.next()
        var program = Program(
            "/usr/bin/tcpdump",
            [
                "-i", "eth0", "-Q", "in", "-s", "128", "-tt", "-n", "-e", "-l", "-B", "16384", "--immediate-mode",
                "(udp or tcp) and dst portrange \(ports.lowerBound)-\(ports.upperBound)",
            ], environment: ["PATH": "/usr/bin:/usr/sbin:/bin:/sbin"])
        program.namespace = place
        program.output = .file(file)
        process = try program.spawn()
        output = try FileHandle(forReadingFrom: URL(filePath: file))
    }

    /// What came after a time, in order.
    func packets(after time: Double) throws -> [Packet] {
        try read()
        return Array(seen.reversed().prefix { $0.time > time }.reversed())
    }

    private func read() throws {
        let lines = (rest + String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self))
            .split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines.dropLast() {
            if let packet = Self.packet(line) { seen.append(packet) } else { remarks.append(String(line)) }
        }
        rest = lines.last.map(String.init) ?? ""
    }

    private static func packet(_ line: Substring) -> Packet? {
        let words = line.split(separator: " ")
        guard words.count > 2, let moment = Double(words[0]), let arrow = words.lastIndex(of: ">"), arrow > 2,
            arrow + 1 < words.count, let source = words[arrow - 1].lastIndex(of: "."),
            let end = words[arrow + 1].lastIndex(of: "."),
            let port = UInt16(words[arrow + 1][end...].dropFirst().prefix { $0.isNumber })
        else { return nil }
        return Packet(time: moment, mac: String(words[1]), source: String(words[arrow - 1][..<source]), port: port)
    }

    /// Says how many packets it could not keep up with.
    func end() throws -> Int {
        try process.send(.interrupt)
        _ = try process.wait(timeout: .seconds(5))
        try process.terminate(grace: .zero)
        try read()
        guard let remark = remarks.last(where: { $0.contains("dropped by kernel") }),
            let count = remark.split(separator: " ").first.flatMap({ Int($0) })
        else { throw SuiteFailure(description: "tcpdump does not say what it dropped: \(remarks)") }
        return count
    }
}
