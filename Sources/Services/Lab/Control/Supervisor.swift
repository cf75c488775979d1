import ClusterAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import ToolRunner

/// The process behind a running lab: builds the network, starts the control plane, and is scheduler and kubelet.
///
/// All of the lab's processes are its children and die with it, however it ends.
package struct Supervisor: Sendable {
    let request: LabRequest
    let name: LabName
    let directory: LabDirectory
    let progress: ProgressLog

    /// Reads what the lab is to be from its directory.
    package init(_ name: LabName) throws {
        self.name = name
        directory = LabDirectory(name)
        request = try JSONFile.read(from: directory.request)
        progress = ProgressLog(path: directory.progress)
    }

    /// Runs the lab until SIGTERM or SIGINT comes or its owner ends, and then removes all of it.
    ///
    /// A failure on the way up is told to the waiting `lab up`, which removes what is left.
    package func run() async throws {
        try JSONFile.writeText("\(ProcessInfo.processInfo.processIdentifier)\n", to: directory.supervisorPID)
        try Host.becomeSubreaper()
        let signals = try SignalListener([.terminate, .interrupt, .hangUp])
        var failure: (any Error)?
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await live() }
                group.addTask { _ = try await signals.next() }
                if let owner = request.owner { group.addTask { try await waitForEnd(of: owner) } }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            failure = error
        }
        let names = try NetworkNamespace.list(prefix: name.namespacePrefix)
        try await NamespaceProcesses.end(in: names)
        for name in names { try NetworkNamespace.delete(named: name) }
        if let failure {
            progress.fail(failure)
            throw failure
        }
        try directory.remove()
    }

    private func waitForEnd(of owner: Int32) async throws {
        guard let process = try? ProcessHandle(pid: owner) else { return }
        while process.isRunning { try await Task.sleep(for: .milliseconds(200)) }
    }

    /// Everything, in the order in which it needs each other; returns only by cancellation or failure.
    private func live() async throws {
        progress.write("wiring \(request.topology.nodes.count) nodes")
        try await LabNetwork(name: name).build(request.topology)
        let control = try ControlPlane(request, name)
        var credentials = Credentials(directory)
        try credentials.write(nodes: request.topology.nodes.map(\.name), gateways: Self.gateways(request.objects))
        try await control.withClient { client in try await bringUp(control, client) }
    }

    private static func gateways(_ objects: [JSONValue]) -> [ObjectKey] {
        objects.flatMap(ManifestPlan.flattened).filter { $0["kind"] == "EgressGateway" }.compactMap { object in
            guard let name = object["metadata"]?["name"]?.string else { return nil }
            return ObjectKey(namespace: object["metadata"]?["namespace"]?.string ?? "default", name: name)
        }
    }

    private func bringUp(_ control: ControlPlane, _ client: KubernetesClient) async throws {
        let table = PodTable(request.topology)
        try await withThrowingDiscardingTaskGroup { group in
            for process in control.processes where process.name == control.apiserver.name {
                group.addTask { try await process.run() }
            }
            progress.write("starting the API server")
            try await control.waitForAPI(client)
            try await ObjectWriter(client: client).createCluster(request.topology)
            group.addTask { try await control.controller.run() }
            for agent in control.agents { group.addTask { try await agent.run() } }
            group.addTask {
                try await ProcessesOnDemand<FailoverGroup>(client: client, processes: control.failover).run()
            }
            group.addTask { try await ProcessesOnDemand<EgressNode>(client: client, processes: control.egress).run() }
            group.addTask { try await control.nameProcesses.run() }
            group.addTask { try await RouterRoutes(name: name, client: client).run() }
            group.addTask { try await keepState(control, table) }
            let plugin = PluginCall(directory: directory, plugin: request.binaries.plugin)
            try await bringUpNodes(control, plugin, client)
            let runner = PodRunner(
                directory: directory, topology: request.topology, binaries: request.binaries, client: client,
                plugin: plugin)
            try startMachineResponders(in: &group)
            group.addTask { try await Kubelet(table: table, runner: runner, client: client).run() }
            try await bringUpPods(ObjectWriter(client: client), table)
            JSONFile.touch(directory.ready)
            try JSONFile.write(await currentState(control, table), to: directory.state)
            progress.write(ProgressLog.ready)
        }
    }

    private func bringUpNodes(_ control: ControlPlane, _ plugin: PluginCall, _ client: KubernetesClient) async throws {
        progress.write("starting the controller and \(control.agents.count) agents")
        for (node, agent) in zip(request.topology.nodes, control.agents) {
            try await control.wait(for: agent, seconds: 60) { await plugin.isReady(node: node.name) }
            try await ObjectWriter(client: client).markReady(node: node.name)
        }
    }

    private func bringUpPods(_ writer: ObjectWriter, _ table: PodTable) async throws {
        let plan = ManifestPlan(
            request.objects + request.topology.dnsObjects(request.binaries, directory), on: request.topology)
        for note in plan.notes { progress.write("note: " + note) }
        try await writer.apply(plan.namespaces)
        try await writer.apply(plan.admission)
        try await writer.apply(plan.others)
        try await writer.apply(plan.pods)
        var settled = -1
        var lastChange = ContinuousClock.now
        var lastShown = ContinuousClock.now
        while true {
            let summary = await table.summary
            if summary.settled != settled { (settled, lastChange) = (summary.settled, .now) }
            if ContinuousClock.now - lastShown > .seconds(1) {
                lastShown = .now
                progress.write("pods \(settled)/\(plan.pods.count)")
            }
            if summary.settled >= plan.pods.count, summary.wanted >= plan.pods.count { return }
            if ContinuousClock.now - lastChange > .seconds(60) {
                throw LabError(
                    "\(plan.pods.count - summary.settled) of \(plan.pods.count) pods do not come up:\n"
                        + summary.waiting.prefix(5).joined(separator: "\n"),
                    remedy: "Read the logs in \(directory.logs).")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
