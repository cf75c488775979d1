import ClusterAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import NetworkTypes
import PodResponder
import ToolRunner

extension Supervisor {
    /// Something that answers on every node and outside host, so that a probe of a closed port is answered too.
    func startMachineResponders(in group: inout ThrowingDiscardingTaskGroup<any Error>) throws {
        let nodes = request.topology.nodes.map { ("node/\($0.name)", name.nodeNamespace($0.name), [String]()) }
        let outside = request.topology.outside.map {
            ("outside/\($0.name)", name.outsideNamespace($0.name), $0.ports)
        }
        for (identity, namespace, ports) in nodes + outside {
            var program = Program(request.binaries.responder, ["--identity", identity] + ports)
            program.namespace = .named(namespace)
            let process = ManagedProcess(
                "responder-" + identity.map { $0 == "/" ? "-" : $0 }.map(String.init).joined(), program, in: directory)
            group.addTask { try await process.run() }
        }
    }

    /// Keeps `state.json` true.
    func keepState(_ control: ControlPlane, _ table: PodTable) async throws {
        var written: LabState?
        while !Task.isCancelled {
            let state = await currentState(control, table)
            if state != written {
                try JSONFile.write(state, to: directory.state)
                written = state
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    func currentState(_ control: ControlPlane, _ table: PodTable) async -> LabState {
        let processes = control.processes.map { process in
            let status = process.status
            return LabState.Process(
                name: process.name, pid: status.pid, restarts: status.restarts, lastExit: status.lastExit)
        }
        return LabState(
            name: name.text, supervisor: ProcessInfo.processInfo.processIdentifier, topology: request.topology,
            processes: processes, pods: await table.summary,
            isReady: FileManager.default.fileExists(atPath: directory.ready))
    }
}

/// The router's way to the pods: each node's pod subnets lie behind the node.
struct RouterRoutes: Sendable {
    let name: LabName
    let client: KubernetesClient

    /// Follows the HostSubnets until the task is cancelled.
    func run() async throws {
        var routes: [String: Set<String>] = [:]
        for await event in client.changes(of: HostSubnet.self) {
            var next = routes
            switch event {
            case .replaced(let subnets, let unreadable):
                // HostSubnets have their host's name; what cannot be read stays as it was.
                let kept = Set(unreadable.map(\.key.name))
                next = routes.filter { kept.contains($0.key) }
                for subnet in subnets { next[subnet.host] = Self.routes(subnet) }
            case .upserted(let subnet): next[subnet.host] = Self.routes(subnet)
            case .deleted(let subnet): next[subnet.host] = nil
            case .unreadable, .disconnected, .missing, .resumed: break
            }
            let (old, new) = (Set(routes.values.joined()), Set(next.values.joined()))
            let lines =
                old.subtracting(new).map { "route del \($0)" } + new.subtracting(old).map { "route replace \($0)" }
            if !lines.isEmpty { try await LabNetwork(name: name).batch(lines.sorted(), in: name.routerNamespace) }
            routes = next
        }
    }

    /// `SUBNET via NODE` for each subnet, over the node's address of the same family.
    private static func routes(_ subnet: HostSubnet) -> Set<String> {
        let hosts = subnet.allHostIPs.compactMap { IPAddress($0) }
        return Set(
            subnet.allSubnets.compactMap { CIDR($0) }.compactMap { range in
                hosts.first { $0.family == range.family }.map { "\(range) via \($0)" }
            })
    }
}
