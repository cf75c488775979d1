import DNSFormats
import NetworkTypes
import Synchronization

/// The questions that others are being asked: how many there may be, and which come back to us.
final class ForwardedQuestions: Sendable {
    enum Admission {
        case granted
        case overLimit
        /// One who is asked asks us the same.
        case loop
    }

    private struct State {
        var total = 0
        var byClient: [IPAddress: Int] = [:]
        var byQuestion: [DNSQuestion: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: ClusterDNSConfiguration.Limits
    private let upstreams: Set<IPAddress>

    init(_ limits: ClusterDNSConfiguration.Limits, upstreams: Set<IPAddress>) {
        self.limits = limits
        self.upstreams = upstreams
    }

    /// Each grant ends with `leave`.
    func admit(_ question: DNSQuestion, for client: IPAddress) -> Admission {
        state.withLock { state in
            if upstreams.contains(client), state.byQuestion[question] != nil { return .loop }
            guard state.total < limits.forwarded, state.byClient[client, default: 0] < limits.forwardedPerClient else {
                return .overLimit
            }
            state.total += 1
            state.byClient[client, default: 0] += 1
            state.byQuestion[question, default: 0] += 1
            return .granted
        }
    }

    func leave(_ question: DNSQuestion, for client: IPAddress) {
        state.withLock { state in
            state.total -= 1
            state.byClient[client] = state.byClient[client].flatMap { $0 > 1 ? $0 - 1 : nil }
            state.byQuestion[question] = state.byQuestion[question].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }
}
