import NetworkTypes

/// What was found about flows, for as long as nothing changes that it is made of.
///
/// Most connections are like the ones before: a client asks a server again, from another port. To judge one means to look at
/// every policy that selects either end.
struct FlowMemo<Value> {
    /// A flow but for the port that the client happens to have.
    struct Question: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let ipProtocol: UInt8
        /// The destination's; nil where there is none.
        let port: UInt16?
    }

    private var known: [Question: Value] = [:]
    /// Some 4 MiB of judgements; beyond, all are forgotten.
    private static var limit: Int { 4096 }

    mutating func forget() {
        if !known.isEmpty { known.removeAll(keepingCapacity: true) }
    }

    subscript(_ question: Question) -> Value? { known[question] }

    /// Returns the value.
    mutating func remember(_ value: Value, for question: Question) -> Value {
        if known.count >= Self.limit { forget() }
        known[question] = value
        return value
    }
}
