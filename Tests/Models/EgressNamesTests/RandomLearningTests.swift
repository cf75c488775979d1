import EgressNames
import NetworkTypes
import TestRandom
import Testing

@Suite("Any history of policies, answers and time")
struct RandomLearningTests {
    private static let pods = ["a", "b", "c"]
    private static let names = [
        "example", "a.example", "b.example", "x.a.example", "y.a.example", "z.x.a.example", "c.example",
    ]
    private static let patterns = [
        "a.example", "*.example", "**.example", "*.a.example", "**.a.example", "c.example", "x.a.example",
    ]

    private struct History {
        var generator: SeededGenerator
        var names: LearnedNames
        var naive: NaiveNames
        /// What the changes so far make of nothing.
        var sets: [NameSelector: Set<IPAddress>] = [:]
        var now: UInt64 = 1000

        init(seed: Int) {
            generator = SeededGenerator(seed: seed)
            var limits = NameLimits()
            (limits.addressesPerName, limits.addressesPerClient, limits.addresses) = (3, 8, 16)
            names = LearnedNames(limits: limits)
            naive = NaiveNames(perName: 3, perPod: 8, inAll: 16)
        }

        mutating func step() throws {
            let pod = generator.pick(RandomLearningTests.pods)
            switch generator.below(12) {
            case 0, 1:
                let chosen = Set(RandomLearningTests.patterns.filter { _ in generator.once(in: 3) })
                apply(try names.mention(Array(chosen), by: pod))
                naive.mention(chosen, by: pod)
            case 2:
                apply(names.removeClient(Texts.pod(pod)))
                naive.remove(pod)
            case 3, 4, 5:
                now += UInt64(1 + generator.below(100))
                var uses: Set<[String]> = []
                for entry in naive.entries where generator.once(in: 4) { uses.insert([entry.pod, entry.address]) }
                let read = try uses.map { NameUse(client: Texts.pod($0[0]), address: try Texts.address($0[1])) }
                apply(names.expire(at: now, uses: Set(read)))
                naive.expire(at: now, uses: uses)
            default: try answer(pod)
            }
        }

        private mutating func answer(_ pod: String) throws {
            let asked = generator.pick(RandomLearningTests.names)
            var records: [String] = []
            var owner = asked
            while generator.once(in: 3), records.count < 20 {
                let target = generator.pick(RandomLearningTests.names)
                records.append("\(owner) \(generator.below(200)) \(target)")
                owner = target
            }
            for _ in 0..<generator.below(4) {
                // Now and then about a name that has nothing to do with it.
                let other = generator.once(in: 6) ? generator.pick(RandomLearningTests.names) : owner
                records.append("\(other) \(generator.below(200)) 192.0.2.\(generator.below(6))")
            }
            records.shuffle(using: &generator)
            let lesson = try names.teach(pod, asked, records, at: now)
            #expect(lesson.delta.removed.isEmpty)
            apply(lesson.delta)
            naive.learn(pod, asked, records, at: now)
        }

        private mutating func apply(_ delta: NameSetDelta) {
            for (selector, addresses) in delta.added {
                #expect(sets[selector, default: []].isDisjoint(with: addresses))
                sets[selector, default: []].formUnion(addresses)
            }
            for (selector, addresses) in delta.removed {
                #expect(sets[selector, default: []].isSuperset(of: addresses))
                sets[selector]?.subtract(addresses)
                if sets[selector]?.isEmpty == true { sets[selector] = nil }
            }
        }
    }

    @Test(
        "leaves what a list that is gone through from end to end leaves, and changes that add up to it",
        arguments: 0..<40)
    func comparison(seed: Int) throws {
        var history = History(seed: seed)
        for _ in 0..<150 {
            try history.step()
            let told = Texts.told(history.names.entries)
            let expected = history.naive.entries.map { "\($0.pod) \($0.name). \($0.address) \($0.deadline)" }
            #expect(Set(told) == Set(expected) && told.count == expected.count)
            #expect(Texts.told(history.names.contents) == history.naive.contents)
            #expect(history.sets == history.names.contents)
            if Set(told) != Set(expected) { return }
        }
    }

    @Test("outlives a restart: what was written down is there again, with what lasts", arguments: 0..<20)
    func restart(seed: Int) throws {
        var history = History(seed: seed)
        for _ in 0..<100 { try history.step() }
        let (before, now) = (history.names, history.now + 50)
        var after = LearnedNames(limits: before.limits)
        for (pod, patterns) in history.naive.patterns { _ = try after.mention(Array(patterns), by: pod) }
        let used = history.naive.entries.first
        let uses = try used.map { NameUse(client: Texts.pod($0.pod), address: try Texts.address($0.address)) }
        let lesson = after.restore(before.entries, at: now, uses: Set([uses].compactMap(\.self)))
        history.naive.expire(at: now, uses: Set([used.map { [$0.pod, $0.address] }].compactMap(\.self)))
        #expect(Texts.told(after.contents) == history.naive.contents && lesson.refusals.isEmpty)
        #expect(lesson.delta.added == after.contents)
        // Without the policies, nothing.
        var blank = LearnedNames()
        #expect(blank.restore(before.entries, at: 0, uses: []).delta.isEmpty && blank.entries.isEmpty)
    }
}
