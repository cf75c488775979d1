import ClusterAPI
import EgressNames
import Foundation
import NetworkTypes
import TestRandom
import Testing

@Suite("What the agent and the process that learns names tell each other")
struct SeamTests {
    private static func selector(_ text: String) throws -> NameSelector { try #require(NameSelector(text)) }

    @Test("a selector's text is the same however it is written, and reads back")
    func texts() throws {
        let one = NameSelector(
            try Texts.pattern("*.Example.com"),
            except: [try Texts.pattern("b.EXAMPLE.com"), try Texts.pattern("a.example.com")])
        let other = NameSelector(
            try Texts.pattern("*.example.com"),
            except: [try Texts.pattern("a.example.com"), try Texts.pattern("b.example.com")])
        #expect(one.description == "*.example.com.!a.example.com.!b.example.com.")
        #expect(one.description == other.description && one == other)
        #expect(NameSelector(one.description) == one)
        #expect(NameSelector("") == nil)
    }

    @Test("orders and lines read back as they were written")
    func coding() throws {
        let (web, all) = (try Self.selector("web.example.com."), try Self.selector("*.example.com.!web.example.com."))
        let orders = NameOrders(
            revision: 17,
            sets: [.init(v4: "names-any-1-4", v6: "names-any-1-6", selectors: [web, all])],
            pods: [
                .init(key: Texts.pod("a"), addresses: [try Texts.address("10.1.0.5")], selectors: [web]),
                .init(key: Texts.pod("b"), addresses: [try Texts.address("fd01::6")], selectors: [all]),
            ],
            bounds: NameBounds(
                clusterRanges: [try #require(CIDR("10.0.0.0/8"))], serviceRanges: [try #require(CIDR("172.30.0.0/16"))],
                zone: DomainName("cluster.local")),
            nameServers: [try Texts.address("172.30.0.10")])
        #expect(try JSONDecoder().decode(NameOrders.self, from: JSONEncoder().encode(orders)) == orders)
        var later = orders
        later.revision = 18
        #expect(orders.asksSame(as: later) && orders != later)
        let address = try Texts.address("192.0.2.7")
        let name = try #require(DomainName("web.example.com"))
        let entry = LearnedAddress(client: Texts.pod("a"), name: name, address: address, deadline: 99)
        for line in [LearnedLine.begin, .add(entry), .remove(client: Texts.pod("a"), name: name, address: address)] {
            #expect(try JSONDecoder().decode(LearnedLine.self, from: JSONEncoder().encode(line)) == line)
        }
        let strange = Data(#"{"op":"begin","version":2}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(LearnedLine.self, from: strange) }
    }

    @Test("a set of several selectors keeps an address as long as one of them has it")
    func sharedSets() throws {
        var names = LearnedNames()
        _ = try names.mention(["web.example.com", "*.example.com"], by: "a")
        let (web, all) = (try Self.selector("web.example.com."), try Self.selector("*.example.com."))
        let set = NameOrders.KernelSet(v4: "x4", v6: "x6", selectors: [web, all])
        let learned = try names.teach("a", "web.example.com", ["web.example.com 100 192.0.2.1"])
        let address = try Texts.address("192.0.2.1")
        #expect(set.change(learned.delta, names) == ([address], []))
        let less = try names.mention(["*.example.com"], by: "a")
        #expect(set.change(less, names) == ([], []))
        let none = names.removeClient(Texts.pod("a"))
        #expect(set.change(none, names) == ([], [address]))
    }

    /// Whoever follows the journal knows what the writer knows, whatever the order of policies and lines.
    @Test("who follows a journal has the writer's sets", arguments: 0..<30 as Range<UInt64>)
    func following(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var names = LearnedNames()
        var followed = FollowedNames()
        var sums: [NameSelector: Set<IPAddress>] = [:]
        func add(_ delta: NameSetDelta) {
            for (selector, addresses) in delta.removed { sums[selector]?.subtract(addresses) }
            for (selector, addresses) in delta.added { sums[selector, default: []].formUnion(addresses) }
            sums = sums.filter { !$0.value.isEmpty }
        }
        let patterns = ["a.example.com", "*.example.com", "b.example.com"]
        var told: [LearnedAddress] = []
        for step in 1...80 {
            let pod = ["a", "b"].randomElement(using: &random) ?? "a"
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let mentioned = try Set(
                    patterns.filter { _ in Bool.random(using: &random) }.map { NameSelector(try Texts.pattern($0)) })
                add(followed.mention(mentioned, by: Texts.pod(pod)))
                _ = names.mention(mentioned, by: Texts.pod(pod))
            case 1:
                _ = names.expire(at: UInt64(step * 40), uses: [])
            default:
                let name = ["a.example.com", "b.example.com"].randomElement(using: &random) ?? ""
                _ = try names.teach(
                    pod, name, ["\(name) 60 192.0.2.\(Int.random(in: 1...6, using: &random))"], at: UInt64(step * 40))
            }
            var delta = NameSetDelta()
            let now = names.entries
            for old in told
            where !now.contains(where: { $0.client == old.client && $0.name == old.name && $0.address == old.address })
            {
                followed.follow(.remove(client: old.client, name: old.name, address: old.address), &delta)
            }
            if step % 20 == 0 { followed.follow(.begin, &delta) }
            for entry in now { followed.follow(.add(entry), &delta) }
            add(delta)
            told = now
            #expect(followed.contents == names.contents && sums == names.contents)
        }
        for entry in told { #expect(followed.names(of: entry.address, toldTo: entry.client).contains(entry.name)) }
    }
}
