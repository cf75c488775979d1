import ClusterAPI
import Foundation
package import KubernetesClient
import Logging
import PolicyEngine

/// Tells the world how the agent is: conditions of its Node, Events about policies, and a file for `gabion status`.
package struct NodeReporter: Sendable {
    private let agent: NodeAgent
    private let client: KubernetesClient
    private let recorder: EventRecorder
    private let statusPath: String
    private let interval: Duration

    /// - Parameter statusPath: the JSON file; written whole whenever the status is another.
    package init(
        agent: NodeAgent, client: KubernetesClient, nodeName: String, statusPath: String,
        interval: Duration = .milliseconds(250)
    ) {
        self.agent = agent
        self.client = client
        self.statusPath = statusPath
        self.interval = interval
        recorder = EventRecorder(client: client, component: "gabion-agent", host: nodeName)
    }

    /// Reports until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await watchStatus() }
        }
    }

    private func watchStatus() async {
        var written: AgentStatus?
        var conditions: [NodeCondition]?
        var complaints: Set<PolicyComplaint> = []
        var attempt = 0
        while !Task.isCancelled {
            let status = await agent.status()
            if status != written {
                write(status)
                written = status
            }
            let wanted = Self.conditions(status)
            // A Node that is not there yet, or a server that is away: again after a while.
            if wanted != conditions, attempt == 0 || attempt % 8 == 0 {
                if await patch(wanted, node: status.node) { conditions = wanted }
            }
            attempt = wanted == conditions ? 0 : attempt + 1
            complaints = complain(await agent.policyComplaints(), earlier: complaints)
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    private func write(_ status: AgentStatus) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        do {
            try encoder.encode(status).write(to: URL(filePath: statusPath), options: .atomic)
        } catch {
            client.logger.warning(
                "the status cannot be written", metadata: ["path": "\(statusPath)", "error": "\(error)"])
        }
    }

    private static func conditions(_ status: AgentStatus) -> [NodeCondition] {
        let reason = status.isReady ? "DatapathProgrammed" : "DatapathNotReady"
        let message = status.reason ?? "pods are attached and policies enforced by the kernel"
        return [
            NodeCondition(
                type: "NetworkUnavailable", status: status.isReady ? "False" : "True", reason: reason, message: message),
            NodeCondition(
                type: "GabionReady", status: status.isReady ? "True" : "False", reason: reason, message: message),
        ]
    }

    /// Conditions are merged by type: other components' stay.
    private func patch(_ conditions: [NodeCondition], node: String) async -> Bool {
        let now = JSONValue.string(Timestamp.now().seconds)
        let list = conditions.map { condition -> JSONValue in
            [
                "type": .string(condition.type), "status": .string(condition.status),
                "reason": .string(condition.reason ?? ""), "message": .string(condition.message ?? ""),
                "lastHeartbeatTime": now, "lastTransitionTime": now,
            ]
        }
        do {
            try await client.patch(
                Node.self, node, with: .strategic(["status": ["conditions": .array(list)]]), subresource: "status")
            return true
        } catch {
            client.logger.info("the Node's conditions are not reported yet", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// One Warning for every new complaint about a policy that selects a pod of this node.
    private func complain(_ complaints: [PolicyComplaint], earlier: Set<PolicyComplaint>) -> Set<PolicyComplaint> {
        for complaint in complaints where !earlier.contains(complaint) {
            let resource = complaint.policy.kind.resource
            recorder.record(
                .warning,
                about: ObjectReference(
                    apiVersion: resource.apiVersion, kind: resource.kind, namespace: complaint.policy.key.namespace,
                    name: complaint.policy.key.name),
                reason: "PolicyNotUnderstood", message: complaint.text)
        }
        return Set(complaints)
    }
}
