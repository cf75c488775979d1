package import FlowModel
package import NetworkTypes

/// How the agent is, for `gabion status`, CNI STATUS and the Node's conditions.
package struct AgentStatus: Hashable, Sendable, Codable {
    package var node: String
    /// True when pods can be attached: caches in sync, node network known, last apply without failure.
    package var isReady: Bool
    /// Why not, for people; nil when ready.
    package var reason: String?
    package var subnets: [CIDR]
    package var podMTU: Int?
    package var attachments: Int
    /// Attached pods that get no traffic because the API has not told about them yet.
    package var closed: [String]
    package var remoteNodes: Int
    package var counters: Counters
    /// What the kernel dropped, by the counter's name: `drop_policy` for the default denies of all policies together.
    package var drops: [String: DropCount]
    /// What the flow log does not have, by the reason.
    package var flowLosses: FlowLosses
    /// What the kernel refused last; nil when the last apply went through.
    package var lastFailure: String?
    /// Collections that the agent has lost contact with, with the reason; what it knew of them holds on.
    package var disconnected: [String]
    /// Objects that cannot be read, each with the reason, and what else does not hold as it is asked for.
    package var problems: [String]
    /// By policy (NetworkPolicies by namespace and name, others with their kind): what does not hold as it is written.
    package var invalidPolicies: [String: [String]]
    /// How many policies are tried without being enforced.
    package var stagedPolicies: Int

    package init(node: String) {
        self.node = node
        isReady = false
        reason = "starting"
        subnets = []
        attachments = 0
        closed = []
        remoteNodes = 0
        counters = Counters()
        drops = [:]
        flowLosses = FlowLosses()
        disconnected = []
        problems = []
        invalidPolicies = [:]
        stagedPolicies = 0
    }

    /// Monotonic over the life of the process.
    package struct Counters: Hashable, Sendable, Codable {
        package var events = 0
        package var passes = 0
        package var transactions = 0
        package var changes = 0
        package var failures = 0
        package var observations = 0
        package var drifts = 0
        package var revokedConnections = 0
        /// The slowest and the last pass, from the first event of the batch to the kernel's answer, in microseconds.
        package var slowestPassMicroseconds: Int64 = 0
        package var lastPassMicroseconds: Int64 = 0

        package init() {}
    }
}
