import FlowModel
import Logging
import NetworkTypes

extension FlowCollector {
    /// The table of connections: bytes, packets, ends, and connections that nobody reported.
    func look() async {
        do {
            let pods = await judge.podAddresses()
            let followed = table
            var connections = try await kernel.connections { key in
                pods.contains(key.source) || pods.contains(key.destination) || followed.contains(key)
            }
            let exits = await judge.exits()
            hub.set(ways: exits.ways)
            for place in connections.indices { connections[place].exit = exits.exit(of: connections[place]) }
            let time = now()
            let unknown = table.update(connections, at: time)
            for (connection, judgement) in zip(unknown, await judge.judge(unknown.map(\.key))) {
                guard let judgement else { continue }
                let key = connection.key
                var record = record(key, judgement, .passed, at: time)
                if key.transport == .icmp {
                    record.icmpType = UInt8(key.destinationPort >> 8)
                    record.icmpID = key.sourcePort
                }
                if !table.adopt(record, connection, at: time) { losses.crowded += 1 }
            }
        } catch {
            logger.warning("connections are not counted", metadata: ["error": "\(error)"])
        }
        await restage()
    }

    /// Flows that go on are judged again when something else is staged.
    private func restage() async {
        let revision = await judge.stagedRevision()
        guard revision != stagedRevision else { return }
        stagedRevision = revision
        let keys = table.keys
        // In pieces: the agent has other work between them.
        for start in stride(from: 0, to: keys.count, by: 256) {
            let piece = keys[start..<min(start + 256, keys.count)]
            for (key, judgement) in zip(piece, await judge.judge(Array(piece))) {
                if let judgement { table.restage(key, judgement.staged) }
            }
        }
    }

    /// The counters, and what is missing by them; and flows that have become silent.
    func count() async {
        table.expire(at: now())
        do {
            meter.read(try await kernel.counters())
        } catch {
            logger.warning("the counters of logged packets cannot be read", metadata: ["error": "\(error)"])
        }
        losses.sampled = meter.sampled
        losses.unattended = meter.unattended
        hub.set(meter.counters, losses)
        await judge.note(losses)
    }

    /// Hands on what happened.
    func settle(includingChanges: Bool) {
        let changes = table.drain(includingChanges: includingChanges)
        guard !changes.isEmpty else { return }
        do {
            try store.write(changes)
        } catch {
            losses.unstored += UInt64(changes.begun.count + changes.ended.count)
            logger.error("flows are not stored", metadata: ["error": "\(error)"])
        }
        hub.publish(changes)
    }

    /// Keeps the store within its bounds.
    func keepUp() {
        do {
            try store.setCounters(meter.counters)
            try store.trim(at: now())
        } catch {
            logger.error("the flow store is not kept within its bounds", metadata: ["error": "\(error)"])
        }
    }
}
