package import LinuxSystem
import NFTables
package import NFTablesDriver
import NetworkTypes

/// Follows a packet through the rules of the nodes on its way.
package struct Tracer: Sendable {
    /// A node whose rules are watched.
    package struct Node: Hashable, Sendable {
        package let name: String
        package let namespace: NamespaceReference

        package init(name: String, namespace: NamespaceReference) {
            self.name = name
            self.namespace = namespace
        }
    }

    package let nodes: [Node]

    /// - Parameter nodes: The source's first.
    package init(nodes: [Node]) { self.nodes = nodes }

    /// Sends a packet and watches it.
    ///
    /// It takes no longer than the prober's timeout and a moment. Nothing stays in the kernel.
    ///
    /// - Parameter endpoints: Where else the packet may be going, when it comes to the next node.
    package func follow(
        _ probe: Probe, endpoints: Set<SocketAddress> = [],
        prober: Prober = Prober(timeout: .seconds(1), attempts: 1)
    ) async throws -> PacketTrace {
        var probe = probe
        let hasPort = probe.transport == .tcp || probe.transport == .udp
        // A port of its own tells the probe from everybody else's connections.
        if hasPort, probe.sourceAddress != nil { probe.sourcePort = .random(in: 40_000...59_999) }
        let packets = TracedPackets(
            from: probe.sourceAddress, to: probe.destination, probe.transport,
            sourcePort: probe.sourcePort == 0 ? nil : probe.sourcePort, port: probe.port)
        var watches = try watch([packets] + endpoints.map(packets.led))
        let outcome = try await prober.run([probe]).first
        // What the last node says may come after the answer.
        try await Task.sleep(for: .milliseconds(50))
        for place in watches.indices { try watches[place].read() }
        return PacketTrace(outcome: outcome, ways: try await ways(watches))
    }

    /// Waits for a packet that somebody else sends.
    package func overhear(_ packets: [TracedPackets], for time: Duration) async throws -> PacketTrace {
        var watches = try watch(packets)
        let end = ContinuousClock.now + time
        while watches.allSatisfy(\.events.isEmpty), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            for place in watches.indices { try watches[place].read() }
        }
        // The packet may have been on its way when the kernel was asked.
        try await Task.sleep(for: .milliseconds(50))
        for place in watches.indices { try watches[place].read() }
        return PacketTrace(outcome: nil, ways: try await ways(watches))
    }

    private struct Watch {
        let node: Node
        let tracer: PacketTracer
        private(set) var events: [TraceEvent] = []
        /// False if the kernel told more than was read in time.
        private(set) var isComplete = true

        init(node: Node, tracer: PacketTracer) {
            self.node = node
            self.tracer = tracer
        }

        /// Takes what the kernel has told since the last call.
        mutating func read() throws {
            guard let told = try tracer.events() else {
                isComplete = false
                return
            }
            events += told
        }
    }

    private func watch(_ packets: [TracedPackets]) throws -> [Watch] {
        try nodes.map { node in
            do {
                return Watch(node: node, tracer: try PacketTracer(packets, in: node.namespace))
            } catch let error as NetlinkError where error.number == .exists || error.number == .notPermitted {
                throw LabError(
                    "node \(node.name) is traced already: it has a table inet \(PacketTracer.tableName) (\(error))",
                    remedy: "Wait until the other gabion trace ends; the table goes with it.")
            }
        }
    }

    private func ways(_ watches: [Watch]) async throws -> [PacketTrace.NodeWay] {
        var ways: [PacketTrace.NodeWay] = []
        for watch in watches {
            let events = watch.events.ofFirstPacket
            if events.isEmpty { continue }
            let names = try await RuleNames(of: watch.node.namespace, tables: Set(events.map(\.table)))
            ways.append(
                PacketTrace.NodeWay(
                    node: watch.node.name, steps: events.map(names.step), isComplete: watch.isComplete,
                    destination: events.last { $0.destination != nil }?.destination))
        }
        return ways
    }
}

extension TracedPackets {
    /// The same after a node has led them to an endpoint, and put its own address in the client's place perhaps.
    package func led(to endpoint: SocketAddress) -> TracedPackets {
        TracedPackets(from: nil, to: endpoint.address, transport, sourcePort: sourcePort, port: endpoint.port)
    }
}

/// What the rules of a node's tables call themselves.
private struct RuleNames {
    private var comments: [String: [UInt64: String]] = [:]

    init(of namespace: NamespaceReference, tables: Set<String>) async throws {
        let driver = NFTablesDriver(in: namespace)
        for table in tables {
            // Tables of others have handles only; those of ours are in this family.
            guard let observed = try await driver.observe(.inet, Name(table)) else { continue }
            for chain in observed.chains.values {
                for rule in chain.rules { comments[table, default: [:]][rule.handle] = rule.comment }
            }
        }
    }

    func step(_ event: TraceEvent) -> PacketTrace.Step {
        let rule: String?
        switch event.place {
        case .rule(let handle):
            rule = comments[event.table]?[handle].map(Self.withoutHash) ?? "rule \(handle)"
        case .policy, .end: rule = nil
        }
        return PacketTrace.Step(table: event.table, chain: event.chain, rule: rule, verdict: event.verdict)
    }

    /// The id of a rule of ours: its comment ends in a hash of its content.
    private static func withoutHash(_ comment: String) -> String {
        guard let mark = comment.lastIndex(of: "#"), comment[mark...].dropFirst().count == 8 else { return comment }
        var id = comment[..<mark]
        while id.last == " " { id.removeLast() }
        return String(id)
    }
}
