import APIMachinery
import ClusterAPI
import HTTPTypes

extension APIResponder {
    /// Writes the line of a request that is about to be answered, if it leaves one.
    func record(
        _ arrival: Arrival, at target: RequestTarget, of identity: Identity?, _ response: APIResponse,
        since received: APITime, in log: AuditLog
    ) async {
        guard case .object(let target) = target,
            let verb = try? Self.verb(arrival.head.method, target, RequestQuery("")),
            let level = AuditLevel(target, verb: verb, code: response.status)
        else { return }
        let peer = arrival.listener == .unixSocket ? await PeerCredentials.of(arrival.channel) : nil
        let event = AuditEvent(
            target: target, verb: verb, level: level, arrival: arrival, response: response, identity: identity,
            peer: peer, received: received, answered: clock())
        log.append(JSONText.encode(event.document))
    }
}
