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
            group.addTask { await beat() }
        }
    }

    private func watchStatus() async {
        var written: AgentStatus?
        var conditions = NodeConditions()
        var complaints: Set<PolicyComplaint> = []
        while !Task.isCancelled {
            let status = await agent.status()
            if status != written {
                write(status)
                written = status
            }
            if let due = conditions.due(status, present: await agent.ownConditions, at: .now()) {
                await patch(due, node: status.node)
            }
            complaints = complain(await agent.policyComplaints(), earlier: complaints)
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// Renews the agent's Lease for as long as the agent does its work.
    private func beat() async {
        var failures = 0
        while !Task.isCancelled {
            // An agent that does not answer here does not live, whatever else of the process does.
            let node = await agent.status().node
            do {
                try await AgentLease(client: client, node: node).renew()
                failures = 0
            } catch {
                // Once: without the right to write, or without a Node, it is always the same.
                if failures == 0, !Task.isCancelled {
                    client.logger.warning(
                        "others do not see that the agent lives: its Lease is not renewed",
                        metadata: ["lease": "\(AgentLease.key(ofNode: node))", "error": "\(error)"])
                }
                failures += 1
            }
            let pause = failures == 0 ? AgentLease.renewInterval : .seconds(2)
            do { try await Task.sleep(for: pause) } catch { return }
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

    /// Conditions are merged by type: other components' stay.
    private func patch(_ conditions: [NodeCondition], node: String) async {
        let list = conditions.map { condition -> JSONValue in
            [
                "type": .string(condition.type), "status": .string(condition.status),
                "reason": .string(condition.reason ?? ""), "message": .string(condition.message ?? ""),
                "lastHeartbeatTime": .string(condition.lastHeartbeatTime ?? ""),
                "lastTransitionTime": .string(condition.lastTransitionTime ?? ""),
            ]
        }
        do {
            try await client.patch(
                Node.self, node, with: .strategic(["status": ["conditions": .array(list)]]), subresource: "status")
        } catch {
            client.logger.info("the Node's conditions are not reported yet", metadata: ["error": "\(error)"])
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
