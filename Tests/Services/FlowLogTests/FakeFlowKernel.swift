import ClusterAPI
import FlowLog
import FlowModel
import NFLogDriver
import NetworkTypes
import Synchronization

/// A kernel that reports what a test says.
final class FakeFlowKernel: FlowKernel {
    struct State {
        var packets: [LoggedPacket] = []
        var lost: UInt64 = 0
        var connections: [ConnectionReport] = []
        var counters: [String: UInt64] = [:]
    }

    let state = Mutex(State())

    func packets() async throws -> NFLogListener.Batch {
        state.withLock { state in
            defer {
                state.packets = []
                state.lost = 0
            }
            return NFLogListener.Batch(packets: state.packets, lost: state.lost)
        }
    }

    func connections(where isWanted: @escaping @Sendable (FlowKey) -> Bool) async throws -> [ConnectionReport] {
        state.withLock { $0.connections.filter { isWanted($0.key) } }
    }

    func counters() async throws -> [String: UInt64] { state.withLock(\.counters) }

    /// A SYN from 10.0.0.1 to port 80 of 10.0.0.2.
    static func packet(_ prefix: String, from port: UInt16) -> LoggedPacket {
        LoggedPacket(
            prefix: prefix,
            bytes: [0x45, 0, 0, 60, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
                + [UInt8(port >> 8), UInt8(port & 255), 0, 80])
    }

    /// The same, as a destination's rule of these words denies it.
    static func denied(_ words: String, from port: UInt16) -> LoggedPacket {
        packet("drop_policy deny-ingress-\(words.stableDigest) \(words)", from: port)
    }

    static func key(from port: UInt16) -> FlowKey {
        FlowKey(
            ipProtocol: 6, source: IPAddress(v4: 0x0A00_0001), destination: IPAddress(v4: 0x0A00_0002),
            sourcePort: port,
            destinationPort: 80)
    }
}

/// Knows two pods, and allows everything.
struct FakeJudge: FlowJudge {
    var known = FlowExits(node: "one")

    func judge(_ flows: [FlowKey]) async -> [FlowVerdict.Judgement?] {
        flows.map { flow in
            let allowed = FlowRecord.Decision(allowed: true, rule: "rule")
            return FlowVerdict.Judgement(
                source: FlowEndpoint(address: flow.source, pod: .init(namespace: "shop", name: "web"), labels: [:]),
                destination: FlowEndpoint(
                    address: flow.destination, pod: .init(namespace: "shop", name: "db"), labels: [:]),
                egress: allowed, ingress: allowed, isSourceHere: true, isDestinationHere: true)
        }
    }

    func stagedRevision() async -> UInt64 { 0 }

    func podAddresses() async -> Set<IPAddress> { [IPAddress(v4: 0x0A00_0001), IPAddress(v4: 0x0A00_0002)] }

    func exits() async -> FlowExits { known }

    func note(_ losses: FlowLosses) async {}
}
