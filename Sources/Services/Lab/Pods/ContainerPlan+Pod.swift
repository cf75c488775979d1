import ClusterAPI
import FoundationEssentials
import LinuxSystem
import NetworkTypes
import PodResponder

extension ContainerPlan {
    /// What answers in a pod that declares no ports.
    static let standardPorts = [
        ListenPort(.tcp, 80), ListenPort(.tcp, 8080), ListenPort(.udp, 53), ListenPort(.udp, 80),
    ]

    /// One process per container with a command that this machine has; one responder for the ports of all others.
    ///
    /// There are no images in a lab: a command that is not a program of this machine is answered for by the responder.
    static func plans(
        for pod: Pod, node: String, _ binaries: LabBinaries, _ directory: LabDirectory
    ) -> [ContainerPlan] {
        let sidecars = (pod.spec?.initContainers ?? []).filter { $0.restartPolicy == "Always" }
        let containers = sidecars + (pod.spec?.containers ?? [])
        let policy = pod.spec?.restartPolicy ?? "Always"
        var plans: [ContainerPlan] = []
        var answered: [Container] = []
        var notes: [String] = []
        for container in containers {
            let words = (container.command ?? []) + (container.args ?? [])
            guard let command = container.command?.first else {
                answered.append(container)
                continue
            }
            if let gateway = gateway(words, of: pod, binaries, directory) {
                var program = gateway
                program.environment = environment(pod, node)
                plans.append(
                    ContainerPlan(
                        name: container.name, program: program, readyPort: probedPort(container),
                        restartPolicy: policy))
                continue
            }
            guard let path = executable(command) else {
                notes.append(
                    "\(command) is not on this machine: gabion-responder answers for container \(container.name)")
                answered.append(container)
                continue
            }
            let program = Program(path, Array(words.dropFirst()), environment: environment(pod, node))
            plans.append(
                ContainerPlan(
                    name: container.name, program: program, readyPort: probedPort(container), restartPolicy: policy))
        }
        guard let first = answered.first else { return plans }
        let declared = answered.flatMap { $0.ports ?? [] }.compactMap(ListenPort.init)
        let isAlone = declared.isEmpty && plans.isEmpty && !pod.isHostNetwork
        let ports = isAlone ? standardPorts : declared
        let options = ResponderOptions(identity: pod.key.description, ports: ports)
        let program = Program(binaries.responder, options.arguments, environment: environment(pod, node))
        let responder = ContainerPlan(
            name: first.name, program: program, readyPort: ports.first { $0.transport == .tcp }?.port,
            restartPolicy: "Always", note: notes.isEmpty ? nil : notes.joined(separator: "; "))
        return [responder] + plans
    }

    /// `gabion gateway` as a pod of a cluster runs it, with the credentials that the lab has for it; nil for all other commands.
    private static func gateway(
        _ words: [String], of pod: Pod, _ binaries: LabBinaries, _ directory: LabDirectory
    ) -> Program? {
        guard words.starts(with: ["gabion", "gateway"]),
            let name = pod.metadata.labels?[EgressGateway.podLabel]
        else { return nil }
        let gateway = ObjectKey(namespace: pod.key.namespace, name: name)
        let own = [
            "--kubeconfig", directory.gatewayKubeconfig(gateway), "--run-dir", directory.gatewayRun(pod.key),
        ]
        return Program(binaries.gabion, words.dropFirst() + own)
    }

    /// The port that a probe of readiness connects to; other probes are not made.
    private static func probedPort(_ container: Container) -> UInt16? {
        guard case .int(let port) = container.readinessProbe?.tcpSocket?.port else { return nil }
        return UInt16(exactly: port)
    }

    private static func environment(_ pod: Pod, _ node: String) -> [String: String] {
        [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "POD_NAME": pod.key.name,
            "POD_NAMESPACE": pod.key.namespace, "NODE_NAME": node, "HOME": "/root",
        ]
    }

    /// The path of a program: as written when absolute, or where a shell would find it; nil when it is not there.
    private static func executable(_ command: String) -> String? {
        let candidates =
            command.contains("/")
            ? [command] : ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"].map { "\($0)/\(command)" }
        return candidates.first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension ListenPort {
    /// Nil for what no process can listen on.
    init?(_ port: ContainerPort) {
        guard let transport = TransportProtocol(parsing: port.protocol ?? "TCP"), transport.hasPorts,
            let number = UInt16(exactly: port.containerPort), number > 0
        else { return nil }
        self.init(transport, number)
    }
}
