import NFTablesDriver

extension [TraceEvent] {
    /// What the kernel told about the first packet on its way, without the tracer's own rules.
    ///
    /// The kernel numbers a packet by where it lies in memory, so that a later one may have the first one's number. Each
    /// begins in the tracer's own table.
    var ofFirstPacket: [TraceEvent] {
        var way: [TraceEvent] = []
        for event in self {
            if event.table == PacketTracer.tableName {
                if event.packet == way.first?.packet { break }
            } else if event.packet == way.first?.packet ?? event.packet {
                way.append(event)
            }
        }
        return way
    }
}
