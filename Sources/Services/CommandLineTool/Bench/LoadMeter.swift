import ClusterAPI
import FoundationEssentials
import Lab
import LinuxSystem
import NetworkTypes
import ToolRunner

/// Measures one path between two namespaces: a client, and a server that runs gabion-responder on a port.
struct LoadMeter: Sendable {
    let client: NamespaceReference
    let server: NamespaceReference
    let address: IPAddress
    let port: UInt16
    private let tools = ToolRunner()

    /// Where iperf3 listens.
    static let throughputPort: UInt16 = 5201

    init(client: NamespaceReference, server: NamespaceReference, address: IPAddress, port: UInt16) {
        self.client = client
        self.server = server
        self.address = address
        self.port = port
    }

    /// Gigabits per second of one TCP stream, by iperf3.
    func throughput(seconds: Int = 1) async throws -> Double {
        var listener = Program(
            "/usr/bin/iperf3", ["-s", "-1", "-p", "\(Self.throughputPort)"], environment: Program.ownEnvironment)
        listener.namespace = server
        let process = try listener.spawn()
        defer { _ = try? process.terminate(grace: .zero) }
        try await Task.sleep(for: .milliseconds(150))
        let output = try await tools.run(
            "iperf3", ["-c", address.description, "-p", "\(Self.throughputPort)", "-t", "\(seconds)", "-J"], in: client,
            deadline: .seconds(seconds + 10))
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(output.standardOutput))
        guard case .double(let bits)? = report["end"]?["sum_received"]?["bits_per_second"] else {
            throw CommandFailure("iperf3 gave no throughput between \(client) and \(address)")
        }
        return bits / 1e9
    }

    /// Connects per second and throughput of two, the baseline first in each row; who is measured first takes turns.
    static func inTurns(
        _ baseline: LoadMeter, _ other: LoadMeter, rounds: Int
    ) async throws -> (connects: [[Double]], throughputs: [[Double]]) {
        var (connects, throughputs): ([[Double]], [[Double]]) = ([], [])
        let meters = [baseline, other]
        for round in 0..<rounds {
            var (connect, throughput) = ([0.0, 0], [0.0, 0])
            for index in round % 2 == 0 ? [0, 1] : [1, 0] {
                connect[index] = try await meters[index].rate("connects").rate
                throughput[index] = try await meters[index].throughput()
            }
            connects.append(connect)
            throughputs.append(throughput)
        }
        return (connects, throughputs)
    }

    /// Operations per second, and their latency in microseconds, by `gabion-responder load`.
    func rate(_ kind: String, milliseconds: Int = 800) async throws -> (rate: Double, p50: Double, p99: Double) {
        let output = try await tools.run(
            try LabBinaries().responder, ["load", kind, address.description, "\(port)", "\(milliseconds)"], in: client,
            deadline: .seconds(40))
        let words = String(decoding: output.standardOutput, as: UTF8.self).split { " \n".contains($0) }.compactMap {
            Double($0)
        }
        guard words.count == 4, words[1] > 0 else {
            throw CommandFailure(
                "the load '\(kind)' from \(client) to \(address):\(port) failed: "
                    + String(decoding: output.standardOutput, as: UTF8.self))
        }
        return (words[0] / words[1] * 1e9, words[2] / 1e3, words[3] / 1e3)
    }
}
