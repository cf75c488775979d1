import ClusterAPI
import DatapathCompiler
import KubernetesClient
import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import NodeAgent
import TestRandom
import TestSupport
import Testing

/// A node with 5,000 services of ten endpoints each, all of which are a host outside that answers at every address.
@Suite("Services by the thousand", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct ServiceScaleTests {
    private static let services: UInt32 = 5000
    private static let endpoints: UInt32 = 10
    private static let firstService: UInt32 = 0xAC1E_4000
    private static let firstEndpoint: UInt32 = 0xC612_0000
    /// Beyond all endpoints.
    private static let replacement: UInt32 = 0xC613_0001

    private static func address(_ service: UInt32) -> IPAddress { IPAddress(v4: firstService + service) }

    private static func addresses(_ service: UInt32) -> Set<IPAddress> {
        Set((0..<endpoints).map { IPAddress(v4: firstEndpoint + service * endpoints + $0) })
    }

    private static func service(_ number: UInt32) -> Service {
        Service(
            metadata: ObjectMeta(name: "s-\(number)", namespace: "shop"),
            spec: ServiceSpec(
                clusterIPs: [address(number).description], ports: [ServicePort(name: "web", port: 80)]))
    }

    private static func slice(_ number: UInt32, _ addresses: Set<IPAddress>) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: "s-\(number)", namespace: "shop", labels: [EndpointSlice.serviceLabel: "s-\(number)"]),
            addressType: "IPv4", endpoints: addresses.sorted().map { SliceEndpoint(addresses: [$0.description]) },
            ports: [SlicePort(name: "web", port: 8080)])
    }

    @Test(
        "all endpoints are in the kernel and answer, a change touches its own elements, and nothing is left at the end")
    func scale() async throws {
        try await ServiceNode.with { fixture in
            try fixture.node.run("/usr/sbin/ip", "route", "add", "198.18.0.0/15", "via", "192.168.7.9")
            try fixture.outside.run("/usr/sbin/ip", "route", "add", "local", "198.18.0.0/15", "dev", "lo")
            let host = try OutsideHost(fixture)
            let driver = NFTablesDriver(in: fixture.node.reference)
            let empty = try #require(try await driver.observe(.inet, "gabion"))
            let all = 0..<Self.services
            await fixture.agent.receive(.replaced(all.map { Self.slice($0, Self.addresses($0)) }))
            await fixture.agent.receive(.replaced(all.map(Self.service)))
            try await eventually("the last service answers", within: .seconds(60)) {
                try host.answering(Self.address(Self.services - 1), from: "c") != nil
            }
            try await everythingIsThere(driver)
            try everybodyAnswers(host)
            try await changeOfOne(fixture, host)
            await fixture.agent.receive(.replaced([Service]()))
            await fixture.agent.receive(.replaced([EndpointSlice]()))
            try await eventually("nothing is left", within: .seconds(60)) {
                let left = try #require(try await driver.observe(.inet, "gabion"))
                return left.maps == empty.maps && left.sets == empty.sets && left.chains.keys == empty.chains.keys
            }
        }
    }

    /// Every service has its ten numbers, and they lead to its ten endpoints.
    private func everythingIsThere(_ driver: NFTablesDriver) async throws {
        var elements: MapElements = [:]
        // Who reads while the kernel still gives its hash table more room misses some.
        try await eventually("all numbers are read") {
            let table = try #require(try await driver.observe(.inet, "gabion"))
            elements = table.maps["endpoints4"]?.elements ?? [:]
            return table.maps["services4"]?.elements.count == Int(Self.services)
                && elements.count == Int(Self.services * Self.endpoints)
        }
        var found: [UInt128: Set<IPAddress>] = [:]
        for case (let key, .data(let endpoint)) in elements {
            found[key.first.low, default: []].insert(IPAddress(v4: UInt32(endpoint.first.low)))
        }
        let wrong = (0..<Self.services).filter { found[Self.address($0).bits] != Self.addresses($0) }
        #expect(wrong.isEmpty)
    }

    private func everybodyAnswers(_ host: OutsideHost) throws {
        var random = SeededGenerator(seed: 20_261_127)
        for client in ["c", "node"] {
            for number in [0, Self.services - 1]
                + (0..<4).map({ _ in UInt32.random(in: 0..<Self.services, using: &random) })
            {
                #expect(try host.everybody(at: Self.address(number), from: client) == Self.addresses(number))
            }
        }
    }

    /// One endpoint of one service is another: two elements change, whatever the number of others.
    private func changeOfOne(_ fixture: ServiceNode, _ host: OutsideHost) async throws {
        let number: UInt32 = 2345
        var addresses = Self.addresses(number)
        addresses.remove(try #require(addresses.max()))
        addresses.insert(IPAddress(v4: Self.replacement))
        let news = try NetlinkSocket(.netfilter, in: fixture.node.reference)
        try news.join([7])
        await fixture.agent.receive(.upserted(Self.slice(number, addresses)))
        try await eventually("the other endpoint answers") {
            try host.answering(Self.address(number), from: "c") == IPAddress(v4: Self.replacement)
        }
        let told = try #require(try news.notifications())
        #expect(Self.touched(told) == [Self.address(number): 2])
        #expect(try host.everybody(at: Self.address(number), from: "c") == addresses)
    }

    /// How many elements came and went, by the first part of their keys; `::` stands for changes of other things.
    private static func touched(_ news: [NetlinkReply]) -> [IPAddress: Int] {
        var count: [IPAddress: Int] = [:]
        for message in news {
            // NFNL_SUBSYS_NFTABLES is 10. NFT_MSG_NEWSETELEM is 12, …DELSETELEM 14, …NEWGEN 15.
            switch message.type {
            case 10 << 8 | 15: continue
            case 10 << 8 | 12, 10 << 8 | 14:
                // After 4 bytes of header: NFTA_SET_ELEM_LIST_ELEMENTS is 3, in it NFTA_SET_ELEM_KEY and NFTA_DATA_VALUE 1.
                for (_, element) in message.payload.dropFirst(4).attributes[3]?.attributes ?? NetlinkView([]).attributes
                {
                    let key: UInt32? = element.attributes[1]?.attributes[1]?.bigEndian()
                    count[IPAddress(v4: key ?? 0), default: 0] += 1
                }
            default: count[IPAddress(family: .v6, bits: 0), default: 0] += 1
            }
        }
        return count
    }

    /// The host outside: it takes connections at any address, and sees at which.
    private struct OutsideHost {
        let fixture: ServiceNode
        let listener: Socket

        init(_ fixture: ServiceNode) throws {
            self.fixture = fixture
            listener = try withNetworkNamespace(fixture.outside.reference) {
                let listener = try Socket(.tcp, .v4)
                try listener.bind(to: SocketAddress(IPAddress(v4: 0), port: 8080))
                try listener.listen()
                return listener
            }
        }

        /// The endpoint that a connection to a service reaches; nil when it is refused.
        func answering(_ service: IPAddress, from client: String) throws -> IPAddress? {
            let socket = try withNetworkNamespace(fixture.place(client)) {
                let socket = try Socket(.tcp, .v4)
                try socket.resetOnClose()
                _ = try socket.connect(to: SocketAddress(service, port: 80))
                return socket
            }
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(2)),
                socket.pendingError() == nil,
                try Readiness.wait(listener.descriptor, for: .readable, timeout: .seconds(2))
            else { return nil }
            return try listener.accept()?.localAddress()?.address
        }

        /// Who answers in so many connections that nobody of ten is missed by chance.
        func everybody(at service: IPAddress, from client: String) throws -> Set<IPAddress> {
            var answered: Set<IPAddress> = []
            for _ in 0..<300 {
                if let endpoint = try answering(service, from: client) { answered.insert(endpoint) }
                if answered.count == ServiceScaleTests.endpoints { break }
            }
            return answered
        }
    }
}
