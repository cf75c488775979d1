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
        let meters = [LearnerNetwork.learning, LearnerNetwork.plain].map {
            LoadMeter(
                client: .named($0), server: .named(LearnerNetwork.server), address: LearnerNetwork.address,
                port: LearnerNetwork.port)
        }
        var (throughput, connects): ([[Double]], [[Double]]) = ([], [])
        for round in 0..<rounds {
            var (flow, rate) = ([0.0, 0], [0.0, 0])
            for index in round % 2 == 0 ? [0, 1] : [1, 0] {
                flow[index] = try await meters[index].throughput()
                rate[index] = try await meters[index].rate("connects").rate
            }
            throughput.append(flow)
            connects.append(rate)
        }
        return [("throughput", "Gbit/s", throughput), ("connects", "1/s", connects)].map { kind, unit, rows in
            .comparison(
                "names: \(kind) with 10,000 learned addresses, against none", rows.map { $0[0] }.median, unit,
                against: rows.map { $0[1] }.median, ratio: rows.map { $0[0] / $0[1] }.median, floor: 0.9)
        }
    }
}
