import EgressNames
import NetworkTypes
import Testing

@Suite("What is learned")
struct LearnedNamesTests {
    private static let web = "web.example.com"

    private static func names(_ pods: [String], _ change: (inout NameLimits) -> Void = { _ in }) throws -> LearnedNames
    {
        var limits = NameLimits()
        change(&limits)
        var names = LearnedNames(limits: limits)
        for pod in pods { _ = try names.mention([Self.web, "*.cdn.example"], by: pod) }
        return names
    }

    private static func use(_ pod: String, _ address: String) throws -> Set<NameUse> {
        [NameUse(client: Texts.pod(pod), address: try Texts.address(address))]
    }

    @Test("ends with its time, unless a connection of the same pod lasts")
    func expiry() throws {
        var names = try Self.names(["a", "b"])
        _ = try names.teach("a", Self.web, ["web.example.com 100 192.0.2.1", "web.example.com 100 192.0.2.2"])
        #expect(names.expire(at: 104, uses: []).isEmpty)
        // Another's connection is no reason.
        let uses = try Self.use("a", "192.0.2.1").union(Self.use("b", "192.0.2.2"))
        #expect(Texts.told(names.expire(at: 105, uses: uses).removed) == ["web.example.com.": ["192.0.2.2"]])
        #expect(names.expire(at: 9999, uses: uses).isEmpty)
        #expect(Texts.told(names.expire(at: 10_000, uses: []).removed) == ["web.example.com.": ["192.0.2.1"]])
        #expect(names.contents.isEmpty && names.entries.isEmpty)
    }

    @Test("is prolonged by the next answer, and never cut short by it")
    func renewal() throws {
        var names = try Self.names(["a"])
        _ = try names.teach("a", Self.web, ["web.example.com 300 192.0.2.1"], at: 1000)
        #expect(try names.teach("a", Self.web, ["web.example.com 10 192.0.2.1"], at: 1001).delta.isEmpty)
        #expect(Texts.told(names.entries) == ["a web.example.com. 192.0.2.1 1305"])
        #expect(try names.teach("a", Self.web, ["web.example.com 300 192.0.2.1"], at: 1200).delta.isEmpty)
        #expect(Texts.told(names.entries) == ["a web.example.com. 192.0.2.1 1505"])
    }

    @Test("rotating addresses are open beside each other, until each one's time is over")
    func rotation() throws {
        var names = try Self.names(["a"])
        for (second, last) in [(0, 1), (10, 2), (20, 3)] as [(UInt64, Int)] {
            let lesson = try names.teach("a", Self.web, ["web.example.com 5 192.0.2.\(last)"], at: second)
            #expect(Texts.told(lesson.delta.added) == ["web.example.com.": ["192.0.2.\(last)"]])
        }
        _ = names.expire(at: 70, uses: [])
        #expect(Texts.told(names.contents) == ["web.example.com.": ["192.0.2.3"]])
    }

    @Test("stays in a set as long as any pod or name is a reason")
    func sharing() throws {
        var names = try Self.names(["a", "b"])
        _ = try names.teach("a", "x.cdn.example", ["x.cdn.example 60 192.0.2.1"])
        #expect(try names.teach("b", "x.cdn.example", ["x.cdn.example 60 192.0.2.1"], at: 100).delta.isEmpty)
        #expect(try names.teach("b", "y.cdn.example", ["y.cdn.example 60 192.0.2.1"], at: 200).delta.isEmpty)
        #expect(names.expire(at: 199, uses: []).isEmpty)
        #expect(names.expire(at: 264, uses: []).isEmpty)
        #expect(Texts.told(names.expire(at: 265, uses: []).removed) == ["*.cdn.example.": ["192.0.2.1"]])
    }

    @Test("follows the policies of its pod")
    func policy() throws {
        var names = try Self.names(["a"])
        _ = try names.teach("a", "x.cdn.example", ["x.cdn.example 60 192.0.2.1"])
        let wider = try names.mention(["*.cdn.example", "**.example", "x.cdn.example"], by: "a")
        let both = ["**.example.": ["192.0.2.1"], "x.cdn.example.": ["192.0.2.1"]]
        #expect(Texts.told(wider.added) == both && wider.removed.isEmpty)
        let other = try names.mention(["x.cdn.example", "*.cdn.example"], by: "a")
        #expect(Texts.told(other.removed) == ["**.example.": ["192.0.2.1"]] && other.added.isEmpty)
        #expect(try names.mention([Self.web], by: "a").removed.count == 2)
        // What it was told then does not come back.
        #expect(try names.mention(["*.cdn.example"], by: "a").isEmpty)
        #expect(names.entries.isEmpty)
    }

    @Test("goes with its pod, and so do the questions that are open")
    func goneClient() throws {
        var names = try Self.names(["a", "b"])
        _ = try names.teach("a", Self.web, ["web.example.com 60 192.0.2.1"])
        _ = try names.teach("b", Self.web, ["web.example.com 60 192.0.2.2"])
        let id = try names.ask(try Texts.question(Self.web), for: Texts.pod("a"), of: Texts.server)
        #expect(Texts.told(names.removeClient(Texts.pod("a")).removed) == ["web.example.com.": ["192.0.2.1"]])
        let late = names.learn(try Texts.answer(Self.web, ["web.example.com 60 192.0.2.3"]), to: id, at: 0)
        #expect(!late.isAnswer && Texts.told(names.entries) == ["b web.example.com. 192.0.2.2 65"])
    }

    @Test("is bounded, by pod, by name and in all; what is there is prolonged all the same")
    func limits() throws {
        var names = try Self.names(["a", "b", "c"]) {
            ($0.addressesPerName, $0.addressesPerClient, $0.addresses, $0.questionsPerClient) = (2, 3, 5, 1)
        }
        func three(_ name: String, _ time: Int = 100) -> [String] {
            (1...3).map { "\(name).cdn.example \(time) 192.0.2.\($0)" }
        }
        #expect(
            try names.teach("a", "x.cdn.example", three("x")).refusals.map(\.reason) == ["too_many_addresses_of_name"])
        #expect(try names.teach("a", "y.cdn.example", three("y")).refusals.map(\.reason) == ["too_many_addresses"])
        #expect(
            try names.teach("b", "x.cdn.example", three("x")).refusals.map(\.reason) == ["too_many_addresses_of_name"])
        #expect(try names.teach("c", "x.cdn.example", three("x")).refusals.map(\.reason) == ["full"])
        #expect(names.entries.count == 5)
        _ = try names.teach("a", "x.cdn.example", three("x", 500))
        #expect(Texts.told(names.entries).first == "a x.cdn.example. 192.0.2.1 505")
        // There is room again when something has ended.
        _ = names.expire(at: 105, uses: [])
        #expect(try names.teach("c", "z.cdn.example", ["z.cdn.example 1 192.0.2.9"]).refusals.isEmpty)

        let question = try Texts.question(Self.web)
        let id = try names.ask(question, for: Texts.pod("a"), of: Texts.server)
        #expect(throws: NameRefusal.tooManyQuestions(client: Texts.pod("a"), limit: 1)) {
            try names.ask(question, for: Texts.pod("a"), of: Texts.server)
        }
        _ = try names.ask(question, for: Texts.pod("b"), of: Texts.server)
        names.abandon(id)
        _ = try names.ask(question, for: Texts.pod("a"), of: Texts.server)
    }

    @Test("leaves what has become the cluster's own")
    func bounds() throws {
        var names = try Self.names(["a"])
        _ = try names.teach("a", Self.web, ["web.example.com 60 10.128.0.1", "web.example.com 60 192.0.2.1"])
        let bounds = NameBounds(clusterRanges: [CIDR("10.128.0.0/14")].compactMap(\.self))
        #expect(Texts.told(names.bound(by: bounds).removed) == ["web.example.com.": ["10.128.0.1"]])
        #expect(Texts.told(names.entries) == ["a web.example.com. 192.0.2.1 65"])
    }
}
