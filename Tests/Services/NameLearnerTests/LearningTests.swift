import DNSFormats
import EgressNames
import Foundation
import LinuxSystem
import Logging
import NameLearner
import NetworkTypes
import Synchronization
import TestSupport
import Testing

@Suite("Names learned on the way", .requiresRoot, .serialized)
struct LearningTests {
    /// A TCP listener of all hosts outside.
    private static func listen(in namespace: NamespaceReference) throws -> [Socket] {
        try withNetworkNamespace(namespace) {
            try IPAddress.Family.allCases.map { family in
                let socket = try Socket(.tcp, family)
                if family == .v6 { try socket.enable(.v6Only) }
                try socket.bind(to: SocketAddress(IPAddress(family: family, bits: 0), port: 80))
                try socket.listen(backlog: 4096)
                return socket
            }
        }
    }

    private static func connect(_ network: NameNetwork, _ address: String) throws -> Probe.Outcome {
        let address = try #require(IPAddress(address))
        return try Probe.connect(
            from: network.pod.reference, to: SocketAddress(address, port: 80), timeout: .milliseconds(400))
    }

    /// A real server of names in a namespace, until `body` is over.
    private static func withDnsmasq(
        _ network: NameNetwork, in namespace: TestNamespace, _ arguments: [String], _ body: () async throws -> Void
    ) async throws {
        var program = Program(
            "/usr/sbin/dnsmasq",
            [
                "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root",
                "--bind-interfaces",
                "--except-interface=none", "--edns-packet-max=4096", "--max-ttl=1", "--pid-file=",
            ] + arguments)
        program.namespace = namespace.reference
        let process = try program.spawn()
        defer { _ = try? process.terminate(grace: .zero) }
        try await eventually("dnsmasq answers") {
            let socket = try? withNetworkNamespace(namespace.reference) {
                let socket = try Socket(.tcp, .v4)
                try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 53))
                return socket
            }
            return socket == nil
        }
        try await body()
    }

    static let places: [(String, String)] = [("10", "outside"), ("11", "a pod"), ("12", "the node")]

    @Test("by UDP and TCP, in both families, wherever the server is", arguments: places)
    func paths(_ last: String, _ place: String) async throws {
        let network = try NameNetwork()
        let learner = try await {
            try network.order(); return try await network.startLearner()
        }()
        defer { _ = try? learner.terminate(grace: .zero) }
        let server = last == "10" ? network.outside : last == "11" ? network.other : network.node
        let records = [
            "--host-record=www.example.com,198.18.0.1,2001:db8:9::1", "--cname=alias.example.org,www.example.com",
            "--txt-record=big.example,"
                + (0..<8).map { _ in String(repeating: "x", count: 250) }.joined(separator: ","),
        ]
        let listeners = try Self.listen(in: network.outside.reference)
        try await Self.withDnsmasq(network, in: server, records) {
            for address in ["10.96.0.\(last)", "fd96::\(last)"] {
                let pod = network.pod.reference
                let v4 = try PodClient.ask(PodClient.query("alias.example.org"), address, from: pod)
                #expect(v4?.addresses == ["198.18.0.1"], "\(address)")
                let v6 = try PodClient.askByStream(PodClient.query("www.example.com", .aaaa), address, from: pod)
                #expect(v6?.addresses == ["2001:db8:9::1"], "\(address)")
                // In fragments, and in several segments.
                let text = DNSRecordType.txt
                #expect(try PodClient.ask(PodClient.query("big.example", text), address, from: pod)?.answers.count == 1)
                #expect(
                    try PodClient.askByStream(PodClient.query("big.example", text), address, from: pod)?.answers.count
                        == 1)
            }
            #expect(try Self.connect(network, "198.18.0.1") == .connected)
            #expect(try Self.connect(network, "2001:db8:9::1") == .connected)
            #expect(try Self.connect(network, "198.18.0.2") == .timedOut)
        }
        #expect(
            NameJournal.read(network.files.journal).map { "\($0.client) \($0.name) \($0.address)" } == [
                "shop/a www.example.com. 198.18.0.1", "shop/a www.example.com. 2001:db8:9::1",
            ])
        #expect(try network.status.drops.isEmpty)
        withExtendedLifetime(listeners) {}
    }

    @Test("an allowed name never fails its first connection, over 1,000 rotating answers")
    func rotating() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        let listeners = try Self.listen(in: network.outside.reference)
        let next = Mutex(0)
        try await FakeServer.with(in: network.outside.reference) { question in
            let number = next.withLock { next in
                next += 1
                return next % 500
            }
            return [FakeServer.reply(to: question, ["198.18.\(number / 250).\(number % 250 + 1)"])]
        } _: {
            var failures: [String] = []
            for id in 1...UInt16(1000) {
                let answer = try PodClient.ask(PodClient.query(id: id), from: network.pod.reference)
                let address = answer?.addresses.first ?? "nothing"
                if address == "nothing" {
                    failures.append("no answer to \(id)")
                } else if try Self.connect(network, address) != .connected {
                    failures.append(address)
                }
            }
            #expect(failures.isEmpty)
        }
        withExtendedLifetime(listeners) {}
    }

    @Test("what a hostile server says opens nothing of the cluster; what nobody asked for does not reach the pod")
    func hostile() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        // Past the pod's first seconds.
        try await Task.sleep(for: .seconds(6))
        try await FakeServer.with(in: network.outside.reference) { question in
            var forged = FakeServer.reply(to: question, ["198.18.0.66"])
            forged.header.id &+= 1
            var other = FakeServer.reply(to: question, ["198.18.0.67"])
            other.questions = [DNSQuestion(DomainName("bank.example.com") ?? .root, .a)]
            var truth = FakeServer.reply(to: question, ["198.18.0.1", "10.128.0.2", "192.0.2.1", "169.254.169.254"])
            let stray = DNSRecordData.address(IPAddress(v4: 0xC612_0044))
            truth.answers.append(DNSRecord(DomainName("www.bank.example") ?? .root, timeToLive: 9, stray))
            return [forged, other, truth, truth]
        } _: {
            let answer = try PodClient.ask(PodClient.query(), from: network.pod.reference)
            #expect(answer?.addresses.first == "198.18.0.1", "the first that came is the true one")
        }
        try await eventually("the status says so") { try network.status.drops["unsolicited"] == 2 }
        let status = try network.status
        #expect(status.drops == ["unsolicited": 2, "other_question": 1])
        #expect(status.refusals == ["forbidden_address": 3, "stray_record": 1])
        #expect(try network.elements().contains("elements = { 198.18.0.1 }"))
    }

    @Test("names that are too large for a datagram's packet come in fragments, and teach all the same")
    func fragments() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        for family in IPAddress.Family.allCases {
            try await FakeServer.with(in: network.outside.reference, family) { question in
                let addresses = (1...200).map { family == .v4 ? "198.18.0.\($0)" : "2001:db8:9::\($0)" }
                return [FakeServer.reply(to: question, addresses)]
            } _: {
                let query = PodClient.query("www.example.com", family == .v4 ? .a : .aaaa)
                let server = family == .v4 ? "10.96.0.10" : "fd96::10"
                let answer = try PodClient.ask(query, server, from: network.pod.reference)
                #expect(answer?.answers.count == 200)
            }
        }
        #expect(NameJournal.read(network.files.journal).count == 400)
    }

    @Test("without the learner names are answered and nothing new opens; the next one goes on where it ended")
    func killed() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        let listeners = try Self.listen(in: network.outside.reference)
        let address = Mutex("198.18.0.1")
        try await FakeServer.with(in: network.outside.reference) { question in
            [FakeServer.reply(to: question, [address.withLock { $0 }])]
        } _: {
            let pod = network.pod.reference
            #expect(try PodClient.ask(PodClient.query(), from: pod)?.addresses == ["198.18.0.1"])
            try learner.send(.kill)
            _ = try await learner.exit(within: .seconds(5))
            address.withLock { $0 = "198.18.0.2" }
            #expect(try PodClient.ask(PodClient.query(), from: pod)?.addresses == ["198.18.0.2"])
            #expect(try Self.connect(network, "198.18.0.1") == .connected)
            #expect(try Self.connect(network, "198.18.0.2") == .timedOut)
            // What an agent does meanwhile: the set is another one, with something that nobody learned.
            try network.node.run("/usr/sbin/nft", "flush", "set", "inet", "gabion", "names4-t")
            try network.node.run("/usr/sbin/nft", "add", "element", "inet", "gabion", "names4-t", "{ 198.18.0.9 }")
            let next = try await network.startLearner()
            defer { _ = try? next.terminate(grace: .zero) }
            #expect(try network.elements().contains("elements = { 198.18.0.1 }"))
            #expect(try PodClient.ask(PodClient.query(), from: pod)?.addresses == ["198.18.0.2"])
            #expect(try Self.connect(network, "198.18.0.2") == .connected)
            #expect(NameJournal.read(network.files.journal).count == 2)
        }
        withExtendedLifetime(listeners) {}
    }

    @Test("orders that mention a name no more close it; a table that others removed comes back")
    func orders() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        defer { _ = try? learner.terminate(grace: .zero) }
        try await FakeServer.with(in: network.outside.reference) {
            [FakeServer.reply(to: $0, ["198.18.0.1"])]
        } _: {
            let pod = network.pod.reference
            #expect(try PodClient.ask(PodClient.query(), from: pod) != nil)
            #expect(try network.elements().contains("198.18.0.1"))
            try network.order([], revision: 2)
            try await eventually("the address is closed") { try !network.elements().contains("198.18.0.1") }
            #expect(try PodClient.ask(PodClient.query(), from: pod) != nil)
            #expect(try !network.elements().contains("198.18.0.1"))
            try network.node.run("/usr/sbin/nft", "delete", "table", "inet", "gabion-names")
            try network.order(revision: 3)
            try await eventually("it is learned again") {
                _ = try PodClient.ask(PodClient.query(), from: pod)
                return try network.elements().contains("198.18.0.1")
            }
        }
    }

    @Test("what is over ends, but not while a connection uses it")
    func expiry() async throws {
        let network = try NameNetwork()
        try network.order()
        var limits = NameLimits()
        (limits.shortestLife, limits.slack) = (2, 0)
        let learner = try NameLearner(
            network.files, in: network.node.reference, limits: limits, logger: Logger(label: "test"))
        let listeners = try Self.listen(in: network.outside.reference)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await learner.run() }
            try await eventually("the learner is up") { NameStatus.read(network.files.status) != nil }
            let pod = network.pod.reference
            try await FakeServer.with(in: network.outside.reference) {
                [FakeServer.reply(to: $0, ["198.18.0.1", "198.18.0.2"])]
            } _: {
                #expect(try PodClient.ask(PodClient.query(), from: pod)?.addresses.count == 2)
                let used = try await withNetworkNamespace(pod) {
                    let socket = try Socket(.tcp, .v4)
                    _ = try socket.connect(to: SocketAddress(IPAddress(v4: 0xC612_0001), port: 80))
                    _ = try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(2))
                    return socket
                }
                try await eventually("what nobody uses ends") { try !network.elements().contains("198.18.0.2") }
                #expect(try network.elements().contains("elements = { 198.18.0.1 }"))
                #expect(NameJournal.read(network.files.journal).map { "\($0.address)" } == ["198.18.0.1"])
                try used.resetOnClose()
                _ = consume used
                // Connection tracking keeps what has ended for ten seconds.
                try await eventually("and then the other", within: .seconds(40)) {
                    try !network.elements().contains("198.18.0.1")
                }
                #expect(NameJournal.read(network.files.journal).isEmpty)
            }
            group.cancelAll()
        }
        withExtendedLifetime(listeners) {}
    }

    @Test("cleanup leaves nothing")
    func cleanup() async throws {
        let network = try NameNetwork()
        try network.order()
        let learner = try await network.startLearner()
        _ = try await learner.end()
        let namespace = network.node.reference
        try TestProgram.run(
            try BuiltProgram.path("gabion"), ["names", "--cleanup", "--run-dir", network.run.path], in: namespace)
        let rules = try network.node.run("/usr/sbin/ip", "rule") + network.node.run("/usr/sbin/ip", "-6", "rule")
        #expect(!rules.contains("lookup 72"))
        #expect(try !network.node.run("/usr/sbin/nft", "list", "tables").contains("gabion-names"))
        let left = try FileManager.default.contentsOfDirectory(atPath: network.run.path).sorted()
        #expect(left == ["log", "names.json", "rules"])
    }
}
