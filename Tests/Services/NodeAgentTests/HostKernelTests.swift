import ClusterAPI
import DatapathCompiler
import KubernetesClient
import LinuxSystem
import NetworkTypes
import NodeAgent
import NodeModel
import TestSupport
import Testing

/// The agent on a real kernel, in a namespace of its own.
@Suite("The agent and others in one kernel", .requiresRoot, .timeLimit(.minutes(2)))
struct HostKernelTests {
    /// A node's namespace with its address, and an agent that has a pod attached.
    private func withNode(
        noticing: Duration = .milliseconds(200), _ body: (TestNamespace, NodeAgent) async throws -> Void
    ) async throws {
        var configuration = Cluster.configuration
        configuration.noticeInterval = noticing
        let node = try TestNamespace("notice")
        try node.run("/usr/sbin/ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1")
        try node.run("/usr/sbin/ip", "address", "add", "192.168.7.1/24", "dev", "d0")
        for name in ["d0", "d1"] { try node.run("/usr/sbin/ip", "link", "set", name, "up") }
        let attachment = Cluster.attachment("web", 5)
        try node.run("/usr/sbin/ip", "link", "add", attachment.interface, "type", "veth", "peer", "name", "p1")
        for name in [attachment.interface, "p1"] { try node.run("/usr/sbin/ip", "link", "set", name, "up") }
        try await Cluster.withAgent(HostKernel(in: node.reference), configuration: configuration) { agent in
            await Cluster.introduce(to: agent, pods: [Cluster.pod("web")], policies: [Cluster.policy(from: nil)])
            try await agent.attach(attachment)
            try await body(node, agent)
        }
    }

    /// Without the values of counters.
    private func table(_ node: TestNamespace) -> String? {
        try? node.run("/usr/sbin/nft", "-s", "list", "table", "inet", "gabion")
    }

    /// The look at the kernel that nothing happened to is a minute away: what comes sooner was noticed.
    @Test(
        "a table that others remove is back at once",
        arguments: [["delete", "table", "inet", "gabion"], ["flush", "ruleset"]])
    func tableComesBack(command: [String]) async throws {
        try await withNode { node, _ in
            let before = try #require(table(node))
            let start = ContinuousClock.now
            try TestProgram.run("/usr/sbin/nft", command, in: node.reference)
            try await eventually { table(node) == before }
            let took = ContinuousClock.now - start
            #expect(took < .seconds(3), "\(took)")
        }
    }

    @Test("routes, rules and the overlay that others remove are back at once")
    func routesComeBack() async throws {
        try await withNode { node, _ in
            let routes = try node.run("/usr/sbin/ip", "route", "show", "table", "all", "proto", "71")
            let rules = try node.run("/usr/sbin/ip", "rule")
            #expect(routes.contains("gabvxlan") && rules.contains("71"))
            func isBack() -> Bool {
                (try? node.run("/usr/sbin/ip", "route", "show", "table", "all", "proto", "71")) == routes
                    && (try? node.run("/usr/sbin/ip", "rule")) == rules
            }
            for command in [
                ["route", "flush", "table", "all", "proto", "71"], ["rule", "del", "table", "71"],
                ["link", "del", "gabvxlan"],
            ] {
                try TestProgram.run("/usr/sbin/ip", command, in: node.reference)
                try await eventually("ours is back after ip \(command.joined(separator: " "))") { isBack() }
            }
        }
    }

    @Test("what goes in silence with a link that others set down is back within a second of its coming up")
    func outages() async throws {
        try await withNode { node, agent in
            let pod = Cluster.attachment("web", 5)
            func seen() throws -> [String] {
                let routes = try node.run("/usr/sbin/ip", "route", "show", "table", "all", "proto", "71")
                let neighbours = try node.run("/usr/sbin/ip", "neighbour", "show", "nud", "permanent")
                return (routes + neighbours).split(separator: "\n").map(String.init).sorted()
            }
            let before = try seen()
            #expect(before.contains { $0.contains(pod.interface) } && before.contains { $0.contains("lladdr") })
            try node.run("/usr/sbin/ip", "link", "set", pod.interface, "down")
            #expect(try seen() != before)
            try node.run("/usr/sbin/ip", "link", "set", pod.interface, "up")
            try await eventually("what was on the pod's link is back", within: .seconds(3)) { try seen() == before }
            try node.run("/usr/sbin/ip", "link", "set", KernelNames.overlay, "down")
            try await eventually("the overlay and what was on it are back", within: .seconds(4)) {
                try seen() == before
            }
            // One look for each, not one after the other: the agent does not hear itself.
            try await eventually("the agent looks no more") {
                let before = await agent.status().counters.observations
                try await Task.sleep(for: .milliseconds(2500))
                return await agent.status().counters.observations == before
            }
        }
    }

    @Test("a neighbour that others remove is back at once")
    func neighbours() async throws {
        try await withNode { node, _ in
            func permanent() throws -> String {
                try node.run("/usr/sbin/ip", "neighbour", "show", "nud", "permanent", "dev", KernelNames.overlay)
            }
            let before = try permanent()
            let first = try #require(before.split(separator: " ").first.map(String.init))
            try node.run("/usr/sbin/ip", "neighbour", "del", first, "dev", KernelNames.overlay)
            try await eventually("it is back", within: .seconds(3)) { try permanent() == before }
        }
    }

    @Test(
        "a check finds what others removed of a pod's neighbour, route, settings and rules, and the agent mends it",
        arguments: [
            ["ip", "neigh", "del", "10.128.1.5", "dev", "gab000000000005"],
            ["ip", "route", "del", "10.128.1.5"],
            ["nft", "delete", "element", "inet", "gabion", "ingress4", "{ 10.128.1.5 }"],
            ["nft", "flush", "chain", "inet", "gabion", "reach_pod"],
            ["sysctl", "-q", "net.ipv4.conf.gab000000000005.proxy_arp=1"],
        ])
    func checks(command: [String]) async throws {
        // Else the agent might be faster than the question.
        try await withNode(noticing: .seconds(60)) { node, agent in
            let attachment = Cluster.attachment("web", 5)
            #expect(try await agent.faults(of: attachment) == [])
            try TestProgram.run("/usr/sbin/" + command[0], Array(command.dropFirst()), in: node.reference)
            let faults = try await agent.faults(of: attachment)
            #expect(!faults.isEmpty)
            try await eventually { try await agent.faults(of: attachment).isEmpty }
        }
    }

    @Test("the agent's own changes, and others' in tables of their own, cause no look at the kernel")
    func ownChangesAreOwn() async throws {
        try await withNode { node, agent in
            // What the start caused is over.
            try await Task.sleep(for: .milliseconds(1500))
            let before = await agent.status().counters
            for port in 1...5 {
                var policy = Cluster.policy(from: LabelSelector(matchLabels: ["app": "a\(port)"]))
                policy.spec?.ingress?[0].ports = [.init(port: .int(port))]
                await agent.receive(.upserted(policy))
                try await Task.sleep(for: .milliseconds(100))
            }
            let second = Cluster.attachment("other", 6)
            try node.run("/usr/sbin/ip", "link", "add", second.interface, "type", "veth", "peer", "name", "p2")
            for name in [second.interface, "p2"] { try node.run("/usr/sbin/ip", "link", "set", name, "up") }
            await agent.receive(.upserted(Cluster.pod("other")))
            try await agent.attach(second)
            try await agent.detach(second)
            try node.run("/usr/sbin/ip", "link", "del", second.interface)
            try node.run("/usr/sbin/nft", "add", "table", "inet", "somebody")
            try await Task.sleep(for: .milliseconds(1500))
            let after = await agent.status().counters
            #expect(after.transactions >= before.transactions + 5)
            #expect(after.observations == before.observations)
        }
    }

    @Test("the status has what the kernel dropped, by name, and by default denies in total")
    func drops() async throws {
        let outside = try TestNamespace("outside")
        try await withNode { node, agent in
            try node.run("/usr/sbin/ip", "link", "set", "d1", "netns", outside.name)
            try outside.run("/usr/sbin/ip", "address", "add", "192.168.7.9/24", "dev", "d1")
            try outside.run("/usr/sbin/ip", "link", "set", "d1", "up")
            let pod = Cluster.attachment("web", 5).addresses[0]
            try await eventually { await agent.status().drops["drop_policy"]?.packets == 0 }
            // The policy lets nobody in, and pods' addresses from outside are spoofed.
            for source in ["192.168.7.9", "10.128.1.77"] {
                try outside.run("/usr/sbin/ip", "address", "replace", "\(source)/32", "dev", "d1")
                try outside.run(
                    "/usr/sbin/ip", "route", "replace", "10.128.1.0/24", "via", "192.168.7.1", "src", source)
                #expect(try !Probe.ping(from: outside.reference, to: pod))
            }
            try await eventually {
                let drops = await agent.status().drops
                return ["drop_policy", "drop_underlay_spoof"].allSatisfy { drops[$0]?.packets ?? 0 > 0 }
            }
            #expect(await agent.status().drops["drop_arp_spoof"]?.packets == 0)
        }
    }

    @Test("an address that the node gets is looked at at once")
    func newAddress() async throws {
        try await withNode { node, agent in
            try await Task.sleep(for: .milliseconds(1500))
            let before = await agent.status().counters.observations
            try node.run("/usr/sbin/ip", "address", "add", "172.17.0.1/16", "dev", "d0")
            try await eventually { await agent.status().counters.observations > before }
        }
    }
}
