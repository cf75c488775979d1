package import FlowModel
package import Logging
import NFLogDriver
import NetworkTypes

/// Makes flows out of what the kernel reports, and hands them to the store, to followers and to the metrics.
package actor FlowCollector {
    /// How often what is asked.
    package struct Pace: Hashable, Sendable {
        package var packets: Duration = .milliseconds(150)
        /// The least time between two looks at the table of connections.
        package var connections: Duration = .seconds(2)
        /// Looking at a large table takes long, most of it resting: it may last one part in so many of the time.
        package var share = 20
        package var slowestConnections: Duration = .seconds(30)
        package var counters: Duration = .seconds(2)
        /// How often the stored form of flows that go on is brought up to date.
        package var changes: Duration = .seconds(10)
        package var upkeep: Duration = .seconds(60)

        package init() {}
    }

    let node: String
    let kernel: any FlowKernel
    let judge: any FlowJudge
    let store: FlowStore
    let hub: FlowHub
    let logger: Logger
    let pace: Pace
    /// Microseconds since 1970.
    let now: @Sendable () -> Int64

    var table: FlowTable
    var meter: LossMeter
    var losses = FlowLosses()
    /// What was staged when the flows that go on were last judged by it.
    var stagedRevision: UInt64?
    private let clock = ContinuousClock()
    private var isDeaf = false

    /// - Throws: when the store cannot be read.
    package init(
        node: String, kernel: any FlowKernel, judge: any FlowJudge, store: FlowStore, hub: FlowHub, logger: Logger,
        pace: Pace = Pace(), now: @escaping @Sendable () -> Int64
    ) throws {
        self.node = node
        self.kernel = kernel
        self.judge = judge
        self.store = store
        self.hub = hub
        self.logger = logger
        self.pace = pace
        self.now = now
        table = FlowTable(nextID: try store.lastID() + 1, resuming: try store.open())
        meter = LossMeter(after: try store.counters())
    }

    /// Collects until the task is cancelled; what goes on is stored as it is then.
    package func run() async {
        var connections = clock.now
        var counters = clock.now
        var changes = clock.now
        var upkeep = clock.now
        while !Task.isCancelled {
            await listen()
            let time = clock.now
            if time >= counters {
                counters = time + pace.counters
                await count()
            }
            if time >= connections {
                let took = await clock.measure { await look() }
                connections = clock.now + min(max(pace.connections, took * pace.share), pace.slowestConnections)
            }
            let isDue = time >= changes
            if isDue { changes = time + pace.changes }
            settle(includingChanges: isDue)
            if time >= upkeep {
                upkeep = time + pace.upkeep
                keepUp()
            }
            try? await Task.sleep(for: pace.packets)
        }
        settle(includingChanges: true)
        keepUp()
    }

    // MARK: Packets

    private func listen() async {
        do {
            let batch = try await kernel.packets()
            isDeaf = false
            losses.overrun += batch.lost
            meter.report(UInt64(batch.packets.count) + batch.lost)
            await take(batch.packets.compactMap(read))
        } catch {
            if !isDeaf {
                logger.warning("the kernel's reports of packets are not heard", metadata: ["error": "\(error)"])
            }
            isDeaf = true
        }
    }

    private func read(_ packet: LoggedPacket) -> PacketSighting? {
        let sighting = PacketSighting(packet)
        if sighting == nil { losses.unreadable += 1 }
        return sighting
    }

    /// The packets of a flow that was not known before this batch.
    private struct Beginning {
        let first: PacketSighting
        var traffic: FlowRecord.Traffic
    }

    private struct Place: Hashable {
        let key: FlowKey
        let deed: FlowVerdict.Deed
    }

    private func take(_ sightings: [PacketSighting]) async {
        let time = now()
        var beginnings: [Place: Beginning] = [:]
        var order: [Place] = []
        for sighting in sightings {
            let place = Place(key: sighting.key, deed: sighting.deed)
            if beginnings[place] != nil {
                beginnings[place]?.traffic.packets += 1
                beginnings[place]?.traffic.bytes += UInt64(sighting.length)
            } else if !table.observe(sighting.key, sighting.deed, bytes: sighting.length, at: time) {
                order.append(place)
                beginnings[place] = Beginning(
                    first: sighting, traffic: FlowRecord.Traffic(packets: 1, bytes: UInt64(sighting.length)))
            }
        }
        // In pieces: the agent has other work between them.
        for start in stride(from: 0, to: order.count, by: 256) {
            let places = order[start..<min(start + 256, order.count)]
            for (place, judgement) in zip(places, await judge.judge(places.map(\.key))) {
                guard let beginning = beginnings[place] else { continue }
                begin(beginning, judgement, at: time)
            }
        }
    }

    private func begin(_ beginning: Beginning, _ judgement: FlowVerdict.Judgement?, at time: Int64) {
        let sighting = beginning.first
        // A drop with no pod at either end is still a drop.
        guard let judgement = judgement ?? (sighting.isDropped ? Self.strangers(sighting.key) : nil) else { return }
        var record = record(sighting.key, judgement, sighting.deed, at: time)
        record.icmpType = sighting.icmp?.type
        record.icmpID = sighting.icmp?.id
        record.forward = beginning.traffic
        if !table.insert(record) { losses.crowded += 1 }
    }

    private static func strangers(_ key: FlowKey) -> FlowVerdict.Judgement {
        let nobody = FlowRecord.Decision(allowed: true, rule: "no pod of the cluster has this address")
        return FlowVerdict.Judgement(
            source: FlowEndpoint(address: key.source), destination: FlowEndpoint(address: key.destination),
            egress: nobody, ingress: nobody, isSourceHere: false, isDestinationHere: false)
    }

    func record(
        _ key: FlowKey, _ judgement: FlowVerdict.Judgement, _ deed: FlowVerdict.Deed, at time: Int64
    ) -> FlowRecord {
        var record = FlowRecord(
            observer: node, ipProtocol: key.ipProtocol, source: judgement.source, destination: judgement.destination,
            verdict: .allowed, start: time)
        if key.policyPort != nil {
            record.source.port = key.sourcePort
            record.destination.port = key.destinationPort
        }
        FlowVerdict.fill(&record, deed, judgement)
        return record
    }
}
