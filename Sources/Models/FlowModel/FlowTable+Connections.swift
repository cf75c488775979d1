extension FlowTable {
    /// Brings allowed flows to what the kernel's table of connections says, all of it: a flow that is not there is over.
    ///
    /// Returns connections that go on and that nobody reported, for lack of a report or of an agent: the caller judges
    /// them and hands them to `adopt`.
    package mutating func update(_ connections: [ConnectionReport], at time: Int64) -> [ConnectionReport] {
        var unknown: [ConnectionReport] = []
        var seen: Set<FlowKey> = []
        for connection in connections {
            let isKnown = flows[connection.key].map { entry in
                entry.record.drop == nil && (entry.connection == nil || entry.connection == connection.id)
            }
            if isKnown == true {
                seen.insert(connection.key)
                update(connection, at: time)
            } else if !connection.isOver, unknown.count < limits.adoptions {
                unknown.append(connection)
            }
        }
        for (key, entry) in flows where entry.record.drop == nil && !seen.contains(key) { finish(key) }
        return unknown
    }

    private mutating func update(_ connection: ConnectionReport, at time: Int64) {
        guard var entry = flows[connection.key] else { return }
        entry.connection = connection.id
        let before = (entry.record.forward, entry.record.backward)
        if let forward = connection.forward, let backward = connection.backward {
            entry.record.forward = forward
            entry.record.backward = backward
            entry.record.isCounted = true
        }
        if before != (entry.record.forward, entry.record.backward) {
            entry.record.last = max(entry.record.last, time)
            entry.isChanged = true
            touched.insert(connection.key)
        }
        if let exit = connection.exit, exit != entry.record.exit {
            entry.record.exit = exit
            entry.isAmended = true
            touched.insert(connection.key)
        }
        flows[connection.key] = entry
        if connection.isOver { finish(connection.key) }
    }

    /// Takes over a connection that `update` returned; false when there is no room.
    package mutating func adopt(_ record: FlowRecord, _ connection: ConnectionReport, at time: Int64) -> Bool {
        var record = record
        record.start = connection.start ?? time
        record.last = max(record.start, time)
        record.exit = connection.exit
        if let forward = connection.forward, let backward = connection.backward {
            record.forward = forward
            record.backward = backward
            record.isCounted = true
        }
        return insert(record, connection: connection.id, awaitsReport: true)
    }
}
