package import NetworkTypes

/// A connection as the kernel's table of connections shows it.
package struct ConnectionReport: Hashable, Sendable {
    package var key: FlowKey
    /// The kernel's number: another connection of the same key has another.
    package var id: UInt32
    /// True when it has been closed and only lingers.
    package var isOver: Bool
    /// Nil where the kernel does not count.
    package var forward: FlowRecord.Traffic?
    package var backward: FlowRecord.Traffic?
    /// Microseconds since 1970; nil where the kernel does not keep it.
    package var start: Int64?
    /// What the connection remembers: which way it has chosen, among others.
    package var mark: UInt32 = 0
    /// The source address that it has after translation here.
    package var sentAs: IPAddress?
    /// What that comes to, where it leaves with an egress address.
    package var exit: FlowExit?

    package init(
        key: FlowKey, id: UInt32, isOver: Bool = false, forward: FlowRecord.Traffic? = nil,
        backward: FlowRecord.Traffic? = nil, start: Int64? = nil
    ) {
        self.key = key
        self.id = id
        self.isOver = isOver
        self.forward = forward
        self.backward = backward
        self.start = start
    }
}
