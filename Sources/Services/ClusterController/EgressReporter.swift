import ClusterAPI
import KubernetesClient
import Logging
import PolicyEngine

/// Writes into the status of every EgressFirewall whether its rules hold as they are written.
///
/// EgressNetworkPolicy has no status; one in the same namespace makes a difference to it.
actor EgressReporter {
    private let client: KubernetesClient
    private let logger: Logger
    private var engine = PolicyEngine(input: .live)
    private var statuses: [ObjectKey: EgressFirewall.Status?] = [:]
    private var synced: Set<String> = []
    private nonisolated let bell = StatusBell()

    init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(EgressFirewall.self) }
            group.addTask { await self.follow(EgressNetworkPolicy.self) }
            group.addTask { await self.bell.answer { await self.report() } }
        }
    }

    private func follow<Object: EgressObject>(_ type: Object.Type) async {
        await client.follow(type, mayBeMissing: true, ringing: bell) { changes, isComplete in
            for change in changes {
                switch change {
                case .entered(let object): enter(object)
                case .left(let key): leave(type, key)
                // It counts as one that closes its namespace.
                case .unreadable(let object):
                    enter(Object(namespace: object.key.namespace, name: object.key.name, spec: nil))
                }
            }
            if isComplete { synced.insert(type.resource.kind) }
        }
    }

    private func enter<Object: EgressObject>(_ object: Object) {
        object.enter(&engine)
        if let firewall = object as? EgressFirewall { statuses[firewall.key] = .some(firewall.status) }
    }

    private func leave<Object: EgressObject>(_ type: Object.Type, _ key: ObjectKey) {
        type.leave(key, &engine)
        if type == EgressFirewall.self { statuses[key] = nil }
    }

    /// True when every status that had to be written was written.
    private func report() async -> Bool {
        guard synced.count == 2 else { return true }
        let findings = Dictionary(grouping: engine.diagnostics, by: \.reference)
        var round = StatusRound(logger: logger)
        for (key, status) in statuses.sorted(by: { $0.key < $1.key }) {
            let wanted = EgressFirewall.Status(findings[PolicyReference(.egressFirewall, key)] ?? [])
            guard wanted != status else { continue }
            await round.write("EgressFirewall \(key)") {
                let patch = Patch.merge(["status": wanted.document])
                _ = try await client.patch(
                    EgressFirewall.resource, key.name, in: key.namespace, with: patch, subresource: "status")
                statuses[key] = .some(wanted)
            }
        }
        return round.isDone
    }
}

extension EgressFirewall.Status {
    /// In the words of OVN-Kubernetes, which scripts look for.
    init(_ findings: [PolicyDiagnostic]) {
        self.init(
            status: findings.isEmpty
                ? "EgressFirewall Rules applied" : "EgressFirewall Rules not correctly applied",
            messages: findings.isEmpty ? nil : findings.map { "\($0.path): \($0.message); \($0.consequence)" })
    }

    fileprivate var document: JSONValue {
        .object([
            "status": status.map(JSONValue.string) ?? .null,
            "messages": messages.map { .array($0.map(JSONValue.string)) } ?? .null,
        ])
    }
}

/// The kinds that limit what leaves the cluster.
private protocol EgressObject: APIObject {
    init(namespace: String, name: String, spec: EgressFirewallSpec?)
    func enter(_ engine: inout PolicyEngine)
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine)
}

extension EgressFirewall: EgressObject {}
extension EgressNetworkPolicy: EgressObject {}
