package import ClusterAPI

/// What the agent says about its Node, and when it has to say it again.
///
/// Pure: it is shown the agent's status, the Node's conditions and the time.
package struct NodeConditions: Sendable {
    /// The condition types that are the agent's.
    package static let types = ["NetworkUnavailable", "GabionReady"]
    /// How often the heartbeat moves though nothing changed: every agent watches every Node, so seldom, as kubelets do.
    ///
    /// That the agent lives is shown by its Lease.
    package static let heartbeatSeconds: Int64 = 300
    /// A patch that has not shown in the watch is sent again after this.
    private static let retrySeconds: Int64 = 2

    private var said: [NodeCondition] = []
    private var saidAt: Timestamp?

    package init() {}

    /// The conditions to write now, with their times; nil when the Node says them already, or is not there.
    package mutating func due(
        _ status: AgentStatus, present: [NodeCondition]?, at now: Timestamp
    ) -> [NodeCondition]? {
        guard let present else { return nil }
        let wanted = Self.wanted(status)
        let isSaid = wanted.allSatisfy { condition in
            present.contains { $0.type == condition.type && $0.says(sameAs: condition) }
        }
        let age = saidAt.map { (now.microsecondsSince1970 - $0.microsecondsSince1970) / 1_000_000 }
        if isSaid {
            // A fresh agent counts from its start.
            guard let age else {
                saidAt = now
                said = wanted
                return nil
            }
            if age < Self.heartbeatSeconds { return nil }
        } else if wanted == said, let age, (0..<Self.retrySeconds).contains(age) {
            return nil
        }
        said = wanted
        saidAt = now
        return wanted.map { condition in
            var timed = condition
            let before = present.first { $0.type == condition.type }
            timed.lastHeartbeatTime = now.seconds
            // The convention: when the status changed, not its reason or message.
            timed.lastTransitionTime =
                before?.status == condition.status ? before?.lastTransitionTime ?? now.seconds : now.seconds
            return timed
        }
    }

    private static func wanted(_ status: AgentStatus) -> [NodeCondition] {
        let reason = status.isReady ? "DatapathProgrammed" : "DatapathNotReady"
        let message = status.reason ?? "pods are attached and policies enforced by the kernel"
        return zip(types, [!status.isReady, status.isReady]).map { type, isTrue in
            NodeCondition(type: type, status: isTrue ? "True" : "False", reason: reason, message: message)
        }
    }
}

extension NodeCondition {
    fileprivate func says(sameAs other: NodeCondition) -> Bool {
        status == other.status && reason == other.reason && message == other.message
    }
}
