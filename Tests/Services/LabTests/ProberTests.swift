import LinuxSystem
import NetworkTypes
import PodResponder
import Synchronization
import TestSupport
import Testing

import struct Lab.Probe

@testable import Lab

/// Two namespaces on a veth: an asker, and a target that answers on port 80, refuses other ports and drops 81.
private final class Link: Sendable {
    let asker: TestNamespace
    let target: TestNamespace
    static let addresses = ["198.18.0.2", "fd18::2"].compactMap { IPAddress($0) }

    init() async throws {
        asker = try TestNamespace("asker")
        target = try TestNamespace("target")
        for name in [asker.name, target.name] { try await LabNetwork.tune(name) }
        let ip = "/usr/sbin/ip"
        try asker.run(ip, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", target.name)
        for (namespace, number) in [(asker, 1), (target, 2)] {
            try namespace.run(ip, "address", "add", "198.18.0.\(number)/24", "dev", "eth0")
            try namespace.run(ip, "address", "add", "fd18::\(number)/64", "dev", "eth0", "nodad")
            try namespace.run(ip, "link", "set", "eth0", "up")
        }
        try target.run(
            "/usr/sbin/nft",
            "table inet t { chain c { type filter hook input priority 0; meta l4proto { tcp, udp, sctp } th dport 81 drop; }; }"
        )
        try await settle()
    }

    /// The kernel takes up to a second before a new link's IPv6 addresses answer to neighbours.
    private func settle() async throws {
        let probes = Self.addresses.map { Probe(from: asker.reference, to: $0, .icmp) }
        let prober = Prober(timeout: .milliseconds(100), attempts: 1)
        for _ in 0..<30 {
            if try await prober.run(probes).allSatisfy(\.isReached) { return }
        }
    }

    /// Answers in the target until `body` is done.
    func whileAnswering<Result: Sendable>(
        _ ports: [ListenPort], _ body: () async throws -> Result
    ) async throws -> Result {
        let flags = Flags()
        let reference = target.reference
        async let answering: Void = withNetworkNamespace(reference) {
            var responder = try Responder(ResponderOptions(identity: "t/target", ports: ports))
            try responder.listen()
            flags.isListening.store(true, ordering: .releasing)
            while !flags.isOver.load(ordering: .acquiring) { try responder.answerOnce(within: .milliseconds(20)) }
        }
        while !flags.isListening.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(2)) }
        let result = try await body()
        flags.isOver.store(true, ordering: .releasing)
        try await answering
        return result
    }

    private final class Flags: Sendable {
        let isListening = Atomic(false)
        let isOver = Atomic(false)
    }
}

@Suite("probes of the real network", .requiresRoot)
struct ProberTests {
    private static let ports = [ListenPort(.tcp, 80), ListenPort(.udp, 80), ListenPort(.sctp, 80)]

    /// What each port of the target looks like from outside.
    private static let expected: [(TransportProtocol, UInt16, ProbeOutcome)] = [
        (.tcp, 80, .reached(.connected)), (.tcp, 82, .reached(.reset)), (.tcp, 81, .silent),
        (.udp, 80, .reached(.replied)), (.udp, 82, .reached(.portUnreachable)), (.udp, 81, .silent),
        (.sctp, 80, .reached(.replied)), (.sctp, 82, .reached(.aborted)), (.sctp, 81, .silent),
        (.icmp, 0, .reached(.replied)),
    ]

    @Test("every protocol tells reached from not reached, open from closed, in both families")
    func outcomes() async throws {
        let link = try await Link()
        let probes = Link.addresses.flatMap { address in
            Self.expected.map { Probe(from: link.asker.reference, to: address, $0.0, port: $0.1) }
        }
        let outcomes = try await link.whileAnswering(Self.ports) {
            try await Prober(timeout: .milliseconds(300)).run(probes)
        }
        for (probe, (outcome, wanted)) in zip(probes, zip(outcomes, Self.expected + Self.expected)) {
            #expect(outcome == wanted.2, "\(probe.transport) \(probe.port) to \(probe.destination)")
        }
    }

    @Test("a pod reaches itself, and an address that nobody has is not reached")
    func ends() async throws {
        let link = try await Link()
        let own = Link.addresses.map { Probe(from: link.target.reference, address: $0, to: $0, .tcp, port: 80) }
        let nowhere = ["198.18.0.9", "fd18::9"].compactMap { IPAddress($0) }.flatMap { address in
            TransportProtocol.allCases.map { Probe(from: link.asker.reference, to: address, $0, port: 80) }
        }
        let outcomes = try await link.whileAnswering(Self.ports) {
            try await Prober(timeout: .milliseconds(300)).run(own + nowhere)
        }
        #expect(outcomes.map(\.isReached) == own.map { _ in true } + nowhere.map { _ in false })
    }

    @Test("thousands of probes, a third of them silent, take seconds and are all right")
    func volume() async throws {
        let link = try await Link()
        let kinds = Self.expected.filter { $0.0 != .icmp }
        let wanted = (0..<3000).map { kinds[$0 % kinds.count] }
        let probes = wanted.map {
            Probe(from: link.asker.reference, to: Link.addresses[0], $0.0, port: $0.1)
        }
        let start = ContinuousClock.now
        let outcomes = try await link.whileAnswering(Self.ports) {
            try await Prober(timeout: .milliseconds(500)).run(probes)
        }
        let wrong = zip(outcomes, wanted).filter { $0 != $1.2 }
        #expect(wrong.isEmpty, "\(wrong.count) wrong, first \(String(describing: wrong.first))")
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a namespace that does not exist is an error and not a deny")
    func noSuchNamespace() async throws {
        let probe = Probe(from: .named("gabion-no-such"), to: Link.addresses[0], .tcp, port: 80)
        await #expect(throws: SystemError.self) { try await Prober().run([probe]) }
    }
}
