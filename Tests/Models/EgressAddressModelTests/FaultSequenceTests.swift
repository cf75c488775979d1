import ClusterAPI
import EgressAddressModel
import NetworkTypes
import TestRandom
import Testing

/// A thousand clusters of two to five nodes, in which something goes wrong every half second.
@Suite("Egress addresses while everything goes wrong")
struct FaultSequenceTests {
    @Test("an address is never at two nodes, and is at one soon after the faults have ended", arguments: 0..<20)
    func sequences(block: Int) {
        for seed in block * 50..<(block + 1) * 50 {
            var simulation = Simulation(seed: seed, nodes: 2 + seed % 4)
            simulation.run(until: 4_000)
            #expect(simulation.completeSince != nil, "seed \(seed): not held after a start without faults")
            for _ in 0..<14 {
                simulation.disturb()
                let pause = Int64(simulation.random.below(1_000))
                simulation.run(until: simulation.now + pause)
            }
            simulation.heal()
            simulation.run(until: simulation.now + 7_000)
            #expect(simulation.violation == nil, "seed \(seed)")
            #expect(simulation.completeSince != nil, "seed \(seed): not all addresses are held")
        }
    }

    @Test("a node that dies, is cut off, freezes or loses its process has its addresses elsewhere in three seconds")
    func failover() {
        for seed in 0..<40 {
            for count in 2...5 {
                var simulation = Simulation(seed: seed, nodes: count)
                simulation.run(until: 5_000)
                guard
                    let holder = simulation.nodes.values.sorted(by: { $0.name < $1.name })
                        .first(where: { !$0.held(5_000).isEmpty })?.name
                else {
                    Issue.record("nobody holds anything, seed \(seed)")
                    continue
                }
                simulation.fail(holder, seed % 3)
                simulation.run(until: 8_000)
                #expect(simulation.violation == nil)
                #expect(
                    simulation.completeSince.map { $0 <= 8_000 } ?? false
                        && simulation.nodes[holder]?.held(8_000) == [],
                    "seed \(seed), \(count) nodes")
            }
        }
    }
}

extension Simulation {
    mutating func fail(_ name: String, _ kind: Int) {
        switch kind {
        case 0: nodes[name]?.isRunning = false
        case 1: nodes[name]?.frozenUntil = .max
        default:
            for other in nodes.keys {
                cutLinks.insert([name, other])
                cutLinks.insert([other, name])
            }
            apiIsAway.insert(name)
        }
    }
}
