import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes

/// `gabion dns` on loopback with a lab's API, and beside it a resolver that costs nothing, which it also asks.
struct NameBench {
    let lab: Lab
    let rounds: Int

    private static let namespace = "names"
    private static let outside = "www.example.org"
    private static let sample = Duration.milliseconds(400)

    private struct Round {
        let resolver: Sample
        let cluster: Sample
        let forwarded: Sample
    }

    private struct Sample {
        let rate: Double
        let times: [Double]
    }

    func run() async throws -> [BenchMeasure] {
        try await lab.apply([Self.service])
        return try await InstantResolver.with { resolver in
            let port = try Self.freePort()
            var program = Program(
                try LabBinaries().gabion,
                [
                    "dns", "--kubeconfig", lab.directory.dnsKubeconfig, "--listen", "127.0.0.1:\(port)", "--upstream",
                    "127.0.0.1:\(resolver.port)", "--log-level", "error",
                ], environment: Program.ownEnvironment)
            program.output = .inherit
            let process = try program.spawn()
            defer { _ = try? process.terminate() }
            let loads = (
                resolver: try NameLoad(port: resolver.port, name: Self.outside),
                cluster: try NameLoad(port: port, name: "web.\(Self.namespace).svc.cluster.local"),
                forwarded: try NameLoad(port: port, name: Self.outside)
            )
            try await Self.wait(for: loads.cluster)
            var measured: [Round] = []
            for _ in 0..<rounds {
                measured.append(
                    Round(
                        resolver: try await Self.measure(loads.resolver),
                        cluster: try await Self.measure(loads.cluster),
                        forwarded: try await Self.measure(loads.forwarded)))
            }
            return Self.measures(measured)
        }
    }

    private static func measure(_ load: NameLoad) async throws -> Sample {
        let many = try await load.run(outstanding: 32, for: sample)
        let one = try await load.run(outstanding: 1, for: sample)
        return Sample(rate: many.rate, times: one.times)
    }

    private static func measures(_ rounds: [Round]) -> [BenchMeasure] {
        let alone = rounds.map(\.resolver.rate).median
        func rate(_ what: String, _ side: (Round) -> Sample) -> BenchMeasure {
            .comparison(
                "names: questions per second, \(what)", rounds.map { side($0).rate }.median, "1/s", against: alone,
                ratio: rounds.map { side($0).rate / $0.resolver.rate }.median)
        }
        func added(_ part: Double) -> Double {
            rounds.map { $0.forwarded.times.percentile(part) - $0.resolver.times.percentile(part) }.median
        }
        func cluster(_ part: Double) -> Double { rounds.map { $0.cluster.times.percentile(part) }.median }
        return [
            rate("of the cluster, against a resolver that costs nothing") { $0.cluster },
            rate("forwarded, likewise") { $0.forwarded },
            .figure("names: one question, of the cluster, p50", cluster(0.5), "ms"),
            .figure("names: one question, of the cluster, p99", cluster(0.99), "ms"),
            .figure("names: added to a forwarded question, p50", added(0.5), "ms"),
            .figure("names: added to a forwarded question, p99", added(0.99), "ms", below: 1),
        ]
    }

    private static func wait(for load: NameLoad) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if try await load.isAnswered() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandFailure("gabion dns does not answer in the benchmark", remedy: "Look at what it says above.")
    }

    /// A port of loopback where nobody is.
    private static func freePort() throws -> UInt16 {
        let socket = try Socket(.udp, .v4)
        try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        return try socket.localAddress()?.port ?? 0
    }

    private static let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": .string(namespace)],
        "spec": ["selector": ["app": "web"], "ports": [["name": "http", "port": 80]]],
    ]
}
