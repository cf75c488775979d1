import EgressAddressModel
import TestRandom
import Testing

@Suite struct EgressSignalTests {
    @Test("what one says the other reads")
    func roundTrip() {
        for kind in [EgressSignal.Kind.heartbeat, .acknowledgement] {
            let signal = EgressSignal(kind, node: "node-1.example", process: .max - 7, sequence: 1 << 40 | 3)
            #expect(EgressSignal(signal.bytes) == signal)
        }
    }

    @Test("what is cut off, longer than a name, of another kind or no text is nothing", arguments: 0..<200)
    func malformed(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let bytes = EgressSignal(.heartbeat, node: "n1", process: 1, sequence: 2).bytes
        let cut = Array(bytes.prefix(random.below(bytes.count - 2)))
        #expect(EgressSignal(cut) == nil)
        var changed = bytes
        changed[random.below(5)] ^= UInt8(4 + random.below(250))
        #expect(EgressSignal(changed) == nil)
        #expect(EgressSignal(bytes + [0xFF, 0xFE]) == nil)
        #expect(EgressSignal(bytes + [UInt8](repeating: 97, count: 300)) == nil)
    }
}

@Suite struct WitnessQuorumTests {
    @Test("two of three, either of two, nobody of none", arguments: [(0, 0), (1, 1), (2, 1), (3, 2)])
    func needed(count: Int, needed: Int) {
        #expect(WitnessQuorum((0..<count).map { "w\($0)" }).needed == needed)
    }

    @Test("the word of a quorum lasts as long as its latest but one, and is impossible when too many are silent")
    func three() {
        let quorum = WitnessQuorum(["a", "b", "api"])
        #expect(quorum.backed(["a": 100], for: 1_000) == .min)
        #expect(quorum.backed(["a": 100, "b": 300, "api": 50, "x": 900], for: 1_000) == 1_100)
        #expect(!quorum.isImpossible(without: ["a", "x"]))
        #expect(quorum.isImpossible(without: ["a", "api"]))
        #expect(WitnessQuorum([]).backed([:], for: 1_000) == .max)
        #expect(!WitnessQuorum([]).isImpossible(without: ["a"]))
    }

    @Test("up to three other nodes are witnesses, those that are well before those that are not, with the API for few")
    func choice() {
        func choose(_ members: [String], lost: Set<String> = [], now: [String] = []) -> [String] {
            EgressWitnessChoice.witnesses(of: "a", among: members, lost: lost, now: now)
        }
        #expect(choose(["a"]) == [])
        #expect(choose(["a", "b"]) == ["api", "b"])
        #expect(choose(["a", "b", "c"]) == ["api", "b", "c"])
        #expect(choose(["a", "b", "c", "d"]) == ["b", "c", "d"])
        let five = choose(["a", "b", "c", "d", "e"])
        #expect(five.count == 3 && choose(["a", "b", "c", "d", "e"], now: five) == five)
        let changed = choose(["a", "b", "c", "d", "e"], lost: [five[0]], now: five)
        #expect(!changed.contains(five[0]) && Set(changed).isSuperset(of: five.dropFirst()))
    }
}
