package import CNIPlugin
import CNISpec
import FlowModel
import FoundationEssentials
import NodeAgent

/// What an agent of this machine says about itself, and whether it answers at all.
package enum AgentReport {
    /// Where an agent runs when nobody says otherwise.
    package static let standardDirectory = "/run/gabion"

    package static func exists(in directory: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/status.json")
    }

    static func status(in directory: String) -> AgentStatus? {
        guard let data = FileManager.default.contents(atPath: directory + "/status.json") else { return nil }
        return try? JSONDecoder().decode(AgentStatus.self, from: data)
    }

    /// Which nodes' agents are not on this machine; nil if all are.
    package static func unasked(nodes: Set<String>, directories: [String]) -> String? {
        let others = nodes.subtracting(directories.compactMap { status(in: $0)?.node }).sorted()
        guard !others.isEmpty else { return nil }
        let rest = others.count > 5 ? " and \(others.count - 5) more" : ""
        return "Agents of other machines are not asked: \(others.prefix(5).joined(separator: ", "))\(rest). "
            + "Ask there with gabion status."
    }

    /// - Parameter connection: how the agent is asked whether it answers: the file and the socket of one that is stopped are
    ///   as those of one that works.
    package static func line(
        _ directory: String, connection: some AgentConnection = UnixAgentConnection(timeout: .seconds(2))
    ) -> StatusLine {
        guard let status = status(in: directory) else {
            return StatusLine(
                part: "agent", condition: .silent,
                detail: exists(in: directory)
                    ? "\(directory)/status.json cannot be read: are you root, and is the agent this version?"
                    : "there is no status in \(directory): has the agent started?")
        }
        let part = "agent \(status.node)"
        do throws(PluginError) {
            let request = PluginRequest(
                invocation: try Invocation(environment: ["CNI_COMMAND": Command.status.rawValue]),
                configuration: #"{"cniVersion":"\#(SpecVersion.newest.rawValue)","name":"status"}"#)
            _ = try connection.exchange(request, socket: directory + "/agent.sock")
        } catch {
            return StatusLine(
                part: part, condition: .silent, detail: "\(error.message); the kernel enforces what it had")
        }
        return StatusLine(
            part: part, condition: status.isReady && status.troubles.isEmpty ? .well : .unwell, detail: detail(status),
            drops: status.drops, troubles: status.troubles)
    }

    static func detail(_ status: AgentStatus) -> String {
        var words = [status.attachments.counting("pod") + " attached", status.remoteNodes.counting("other node")]
        words.append(status.counters.transactions.counting("transaction"))
        if status.counters.failures > 0 { words.append("\(status.counters.failures) failed") }
        if status.counters.revokedConnections > 0 {
            words.append(status.counters.revokedConnections.counting("connection") + " revoked")
        }
        if status.stagedPolicies > 0 {
            words.append("\(status.stagedPolicies) \(status.stagedPolicies == 1 ? "policy" : "policies") staged")
        }
        if let drops = drops(status.drops) { words.append(drops) }
        if !status.flowLosses.isNone { words.append("not in the flow log: \(status.flowLosses.text)") }
        if let reason = status.reason, !status.isReady { words.insert(reason, at: 0) }
        for (kind, troubles) in status.troubles.sorted(by: { $0.key < $1.key }) {
            let more = troubles.count > 5 ? "; and \(troubles.count - 5) more (-o json)" : ""
            words.append("\(kind): \(troubles.prefix(5).joined(separator: "; "))\(more)")
        }
        if let failure = status.lastFailure { words.append("last failure: \(failure)") }
        for (policy, reason) in status.invalidPolicies.sorted(by: { $0.key < $1.key }) {
            words.append("\(policy): \(reason.joined(separator: "; "))")
        }
        return words.joined(separator: ", ")
    }

    /// `15 packets dropped (policy 12, spoof 3)`; nil when none was.
    private static func drops(_ drops: [String: DropCount]) -> String? {
        let counted = drops.filter { $0.value.packets > 0 }.sorted { $0.key < $1.key }
        guard !counted.isEmpty else { return nil }
        let parts = counted.map { name, count in
            "\(name.hasPrefix("drop_") ? String(name.dropFirst(5)) : name) \(count.packets)"
        }
        let total = counted.reduce(UInt64(0)) { $0 &+ $1.value.packets }
        return "\(total) packets dropped (\(parts.joined(separator: ", ")))"
    }
}

extension AgentStatus {
    /// What does not work though the agent does, by its kind; pods that have ended are closed as they should be.
    var troubles: [String: [String]] {
        let shut = closed.filter { !$0.hasSuffix(": terminated") }
        return ["closed": shut, "disconnected": disconnected, "problems": problems].filter { !$0.value.isEmpty }
    }
}
