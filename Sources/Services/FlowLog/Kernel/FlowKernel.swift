package import FlowModel
package import NFLogDriver

/// The kernel as the flow log needs it.
package protocol FlowKernel: Sendable {
    /// The packets that rules have logged since the last call, without waiting. The first call begins to listen.
    @concurrent func packets() async throws -> NFLogListener.Batch

    /// Every tracked connection of which one end is as `isWanted` says.
    @concurrent func connections(where isWanted: @escaping @Sendable (FlowKey) -> Bool) async throws
        -> [ConnectionReport]

    /// How many packets the rules that log have seen, by counter.
    @concurrent func counters() async throws -> [String: UInt64]
}
