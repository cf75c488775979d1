import FlowModel
import NetworkTypes

/// What flows were judged to be, for as long as nothing changes that judgements are made of.
///
/// Most connections are like the ones before: a client asks a server again, from another port. To judge one means to look at
/// every policy that selects either end.
struct JudgementMemo {
    private struct Question: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let ipProtocol: UInt8
        let port: UInt16?

        init(_ flow: FlowKey) {
            source = flow.source
            destination = flow.destination
            ipProtocol = flow.ipProtocol
            port = flow.policyPort
        }
    }

    private var known: [Question: FlowVerdict.Judgement?] = [:]
    /// Some 4 MiB; beyond, all are forgotten.
    private static let limit = 4096

    mutating func forget() {
        if !known.isEmpty { known.removeAll(keepingCapacity: true) }
    }

    subscript(_ flow: FlowKey) -> FlowVerdict.Judgement?? {
        get { known[Question(flow)] }
        set {
            if known.count >= Self.limit { forget() }
            known[Question(flow)] = newValue
        }
    }
}
