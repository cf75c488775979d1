import LinuxSystem
import NetworkTypes

/// The event loop of one `Prober.run`.
struct ProbeRun: ~Copyable {
    let probes: [Probe]
    let prober: Prober
    var outcomes: [ProbeOutcome?]
    var poll: EventPoll
    /// Probes in flight by index, which is their epoll token.
    var flying: [Int: Flight] = [:]
    var channels: [RawChannel.Key: RawChannel] = [:]
    /// The keys of `channels` by epoll token.
    var channelKeys: [UInt64: RawChannel.Key] = [:]
    private var waiting: [(index: Int, attempt: Int)]
    /// What was silent once, for when everything else has been asked.
    private var retries: [(index: Int, attempt: Int)] = []

    /// One attempt of one probe.
    struct Flight {
        let attempt: Int
        let start: ContinuousClock.Instant
        /// Own socket for TCP and UDP; nil for probes that share their namespace's raw socket.
        let socket: Socket?
        let channel: RawChannel.Key?
        var nextSend: ContinuousClock.Instant
    }

    init(_ probes: [Probe], _ prober: Prober) throws {
        self.probes = probes
        self.prober = prober
        outcomes = Array(repeating: nil, count: probes.count)
        poll = try EventPoll(capacity: 512)
        // Neighbours in the queue share a namespace, which is entered once for all of them.
        let order = probes.indices.sorted { (probes[$0].source.path, $0) > (probes[$1].source.path, $1) }
        waiting = order.map { ($0, 1) }
    }

    mutating func finish() throws -> [ProbeOutcome] {
        while !waiting.isEmpty || !flying.isEmpty || !retries.isEmpty {
            if waiting.isEmpty {
                waiting = retries.sorted {
                    (probes[$0.index].source.path, $0.index) > (probes[$1.index].source.path, $1.index)
                }
                retries = []
            }
            let free = prober.window - flying.count
            if !waiting.isEmpty, free * 4 >= prober.window || flying.isEmpty { try launch(min(free, waiting.count)) }
            for event in try poll.wait(timeout: flying.isEmpty ? .zero : .milliseconds(10)) { take(event) }
            tick(.now)
        }
        return outcomes.map { $0 ?? .silent }
    }

    private mutating func launch(_ count: Int) throws {
        let batch = waiting.suffix(count)
        waiting.removeLast(count)
        for (source, entries) in Dictionary(grouping: batch, by: { probes[$0.index].source }) {
            let sockets = try makeSockets(in: source, for: entries.map(\.index))
            for (entry, socket) in zip(entries, sockets) { start(entry.index, attempt: entry.attempt, socket) }
        }
    }

    /// One socket per TCP or UDP probe, and the shared raw sockets that the others need, made inside the namespace.
    private mutating func makeSockets(in source: NamespaceReference, for indices: [Int]) throws -> [Socket?] {
        let batch = indices.map { probes[$0] }
        let missing = Set(batch.compactMap { RawChannel.Key($0) }).filter { channels[$0] == nil }
        let (sockets, raw) = try withNetworkNamespace(source) {
            let sockets = try batch.map { probe -> Socket? in
                switch probe.transport {
                case .tcp: try Socket(.tcp, probe.destination.family)
                case .udp: try Socket(.udp, probe.destination.family)
                case .sctp, .icmp: nil
                }
            }
            return (sockets, try missing.map { ($0, try $0.makeSocket()) })
        }
        for (key, socket) in raw {
            channels[key] = RawChannel(socket: socket)
            // Tokens of probes are their indices; those of channels come after.
            let token = UInt64(probes.count + channels.count)
            channelKeys[token] = key
            try poll.add(socket.descriptor, .readable, token: token)
        }
        return sockets
    }

    /// Ends a probe's attempt with an outcome.
    mutating func settle(_ index: Int, _ outcome: ProbeOutcome) {
        if let key = flying.removeValue(forKey: index)?.channel { channels[key]?.forget(index) }
        outcomes[index] = outcome
    }

    /// Sends again what may have been lost, and ends what has waited long enough.
    private mutating func tick(_ now: ContinuousClock.Instant) {
        for (index, flight) in flying {
            if now - flight.start >= prober.timeout {
                settle(index, .silent)
                if flight.attempt < prober.attempts { retries.append((index, flight.attempt + 1)) }
            } else if now >= flight.nextSend {
                flying[index]?.nextSend = now + prober.timeout / 3
                transmit(index)
            }
        }
    }
}
