import ArgumentParser
import Lab
import LinuxSystem
import NetworkTypes

/// `gabion lab status`: the labs of this machine, and what does not work in them.
struct LabStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the labs of this machine: processes, machines, pods.",
        discussion: "Exits with 1 when something of a lab does not work, and with 2 when there is no lab.")

    @Option(help: "Only the lab of this name.")
    var name: String?

    func run() async throws {
        let labs = try name.map { [LabDirectory(try LabName($0))] } ?? LabDirectory.all()
        guard !labs.isEmpty else {
            throw CommandFailure("no lab runs on this machine", remedy: "Start one: gabion lab up -f MANIFESTS")
        }
        var isWell = true
        for directory in labs {
            let state = try LabState.read(directory)
            let isAlive = (try? Lab.running(directory.name)) != nil
            if !isAlive || !state.isReady || state.pods.settled < state.pods.wanted { isWell = false }
            Self.show(state, directory, isAlive: isAlive)
        }
        if !isWell { throw ExitStatus.finding }
    }

    private static func show(_ state: LabState, _ directory: LabDirectory, isAlive: Bool) {
        let condition =
            isAlive ? (state.isReady ? "ready" : "coming up") : "crashed: gabion lab down --name \(state.name)"
        print("lab \(state.name): \(condition)")
        print("  kubeconfig \(directory.adminKubeconfig)")
        print("  pods       \(state.pods.settled) of \(state.pods.wanted) settled")
        for line in state.pods.waiting { print("             \(line)") }
        for process in [LabState.Process(name: "supervisor", pid: state.supervisor, restarts: 0)] + state.processes {
            let pid = process.pid.flatMap { isAlive ? "pid \($0)" : nil } ?? "not running"
            let again = process.restarts == 0 ? "" : ", started again \(process.restarts)× (\(process.lastExit ?? "?"))"
            print("  process    \(process.name): \(pid)\(again)")
        }
        for node in state.topology.nodes {
            let addresses = state.topology.addresses(ofNode: node.name).map(\.description).joined(separator: " ")
            print("  node       \(node.name) \(addresses)")
        }
        for host in state.topology.outside {
            print("  outside    \(host.name) \(host.addresses.map(\.description).joined(separator: " "))")
        }
    }
}
