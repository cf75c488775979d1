import CNISpec
import ClusterAPI
import DNSFormats
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import NetworkTypes
import ToolRunner

/// Does what a kubelet does for one pod: namespace, CNI, processes, status.
struct PodRunner: Sendable {
    let directory: LabDirectory
    let topology: LabTopology
    let binaries: LabBinaries
    let client: KubernetesClient
    let plugin: PluginCall

    /// Brings a pod up; what was half made is removed again when it fails.
    func start(_ pod: Pod, on node: String) async throws -> PodRecord {
        let name = directory.name
        var record = PodRecord(
            uid: pod.metadata.uid ?? pod.key.description.stableHash, key: pod.key, node: node,
            isHostNetwork: pod.isHostNetwork,
            namespace: pod.isHostNetwork
                ? name.nodeNamespace(node) : name.podNamespace(namespace: pod.key.namespace, name: pod.key.name),
            portMappings: pod.ports.compactMap { port in
                port.hostPort.map {
                    NetworkConfiguration.PortMapping(
                        hostPort: $0, containerPort: port.containerPort, protocol: port.protocol?.lowercased(),
                        hostIP: port.hostIP)
                }
            }, bandwidth: try BandwidthAnnotations.read(pod))
        do {
            if pod.isHostNetwork {
                record.addresses = topology.addresses(ofNode: node)
            } else {
                try await makeSandbox(&record)
            }
            let resolver = try resolverFile(for: pod)
            for var plan in ContainerPlan.plans(for: pod, node: node, binaries, directory) {
                plan.program.resolverFile = resolver
                record.containers.append(.init(plan: plan, process: try spawn(plan, record)))
            }
            try await waitUntilAnswering(record)
            try await report(record, isReady: true)
            return record
        } catch {
            try? await stop(record)
            throw error
        }
    }

    private func makeSandbox(_ record: inout PodRecord) async throws {
        try NetworkNamespace.create(named: record.namespace)
        try await LabNetwork.tune(record.namespace)
        try await LabNetwork(name: directory.name).batch(["link set lo up"], in: record.namespace)
        record.addresses = try await plugin.add(record)
    }

    func spawn(_ plan: ContainerPlan, _ record: PodRecord) throws -> ProcessHandle {
        var program = plan.program
        program.namespace = .named(record.namespace)
        program.environment["POD_IP"] = record.addresses.first?.description ?? ""
        program.output = .file(directory.log("pod-\(record.key.namespace)_\(record.key.name)"))
        return try program.spawn()
    }

    /// Writes what the pod is to see as `/etc/resolv.conf`; nil when that is the machine's.
    private func resolverFile(for pod: Pod) throws -> String? {
        let text = FileManager.default.contents(atPath: "/etc/resolv.conf").map { String(decoding: $0, as: UTF8.self) }
        let resolver = PodResolver(servers: topology.dnsAddresses, machine: ResolverFile(parsing: text ?? ""))
        guard let file = resolver.file(for: pod) else { return nil }
        let path = directory.resolver(of: pod.key)
        try JSONFile.writeText(file.text, to: path)
        return path
    }

    /// Ready means that the first TCP port accepts, asked from inside the pod.
    private func waitUntilAnswering(_ record: PodRecord) async throws {
        for container in record.containers {
            guard let port = container.plan.readyPort else { continue }
            let isOpen = try await withNetworkNamespace(.named(record.namespace)) {
                let end = ContinuousClock.now + .seconds(15)
                while ContinuousClock.now < end {
                    if Self.accepts(port, at: record.addresses.first) { return true }
                    // Ends early when the process does.
                    if try Readiness.wait(container.process.pollDescriptor, for: .readable, timeout: .milliseconds(5)) {
                        return false
                    }
                }
                return false
            }
            if isOpen { continue }
            throw LabError(
                "pod \(record.key): nothing answers on its port \(port)\n"
                    + directory.tail(ofLog: "pod-\(record.key.namespace)_\(record.key.name)", lines: 4))
        }
    }

    /// Whether a port of the pod accepts connections from itself, by its address or, if it has none, by loopback.
    private static func accepts(_ port: UInt16, at address: IPAddress?) -> Bool {
        do {
            let address = address ?? IPAddress(v4: 0x7F00_0001)
            let socket = try Socket(.tcp, address.family)
            try socket.resetOnClose()
            if try socket.connect(to: SocketAddress(address, port: port)) { return true }
            return try Readiness.wait(socket.descriptor, for: .writable, timeout: .milliseconds(50))
                && socket.pendingError() == nil
        } catch {
            return false
        }
    }

    /// Ends the pod's processes and gives back its network.
    func stop(_ record: PodRecord) async throws {
        for container in record.containers { try? container.process.send(.kill) }
        try? FileManager.default.removeItem(atPath: directory.resolver(of: record.key))
        if record.isHostNetwork { return }
        try await NamespaceProcesses.end(in: [record.namespace])
        try await plugin.delete(record)
        try NetworkNamespace.delete(named: record.namespace)
    }
}
