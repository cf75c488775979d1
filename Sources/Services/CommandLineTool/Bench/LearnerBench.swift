import LinuxSystem
import NetworkTypes

/// What it costs that answers pass by `gabion names`, and that addresses are looked up: a pod with it beside a pod without.
struct LearnerBench {
    let rounds: Int

    private static let sample = Duration.milliseconds(400)

    func run() async throws -> [BenchMeasure] {
        let network = try await LearnerNetwork.up()
        do {
            let measures = try await InstantResolver.with(
                at: SocketAddress(LearnerNetwork.address, port: 53), in: .named(LearnerNetwork.server)
            ) { _ in try await answers() }
            let all = measures + (try await traffic())
            try await network.down()
            return all
        } catch {
            try? await network.down()
            throw error
        }
    }

    private func answers() async throws -> [BenchMeasure] {
        let place = SocketAddress(LearnerNetwork.address, port: 53)
        let (learning, plain) = (
            try NameLoad(place, in: .named(LearnerNetwork.learning), name: LearnerNetwork.name),
            try NameLoad(place, in: .named(LearnerNetwork.plain), name: LearnerNetwork.name)
        )
        // Each number is another address: so many new ones, one after the other.
        let fresh = try await learning.run(each: 400)
        var (rates, ones): ([(Double, Double)], [([Double], [Double])]) = ([], [])
        for _ in 0..<rounds {
            let many = (
                try await learning.run(outstanding: 32, for: Self.sample),
                try await plain.run(outstanding: 32, for: Self.sample)
            )
            rates.append((many.0.rate, many.1.rate))
            ones.append(
                (
                    try await learning.run(outstanding: 1, for: Self.sample).times,
                    try await plain.run(outstanding: 1, for: Self.sample).times
                ))
        }
        let alone = ones.flatMap(\.1)
        func added(_ part: Double) -> Double { ones.map { $0.0.percentile(part) - $0.1.percentile(part) }.median }
        return [
            .comparison(
                "names: answers per second by way of the learner, against none", rates.map(\.0).median, "1/s",
                against: rates.map(\.1).median, ratio: rates.map { $0.0 / $0.1 }.median),
            .figure("names: added to an answer by the learner, p50", added(0.5), "ms"),
            .figure("names: added to an answer by the learner, p99", added(0.99), "ms", below: 1),
            .figure(
                "names: added to an answer with a new address, p99", fresh.percentile(0.99) - alone.percentile(0.99),
                "ms",
                below: 1),
        ]
    }

    private func traffic() async throws -> [BenchMeasure] {
        func meter(_ client: String) -> LoadMeter {
            LoadMeter(
                client: .named(client), server: .named(LearnerNetwork.server), address: LearnerNetwork.address,
                port: LearnerNetwork.port)
        }
        let (connects, throughputs) = try await LoadMeter.inTurns(
            meter(LearnerNetwork.plain), meter(LearnerNetwork.learning), rounds: rounds)
        return [
            .pairs("names: throughput with 10,000 learned addresses, against none", throughputs, "Gbit/s"),
            .pairs("names: connects with 10,000 learned addresses, against none", connects, "1/s"),
        ]
    }
}
