import AddressAllocation
package import CNISpec
import ClusterAPI
package import Logging
import NetworkTypes
import NodeModel
import RoutingDriver

/// The CNI verbs on this node: addresses from the ledger, the veth pair from the wiring, rules from the datapath.
///
/// The ledger is stored before anything is made in the kernel, so that nothing is forgotten when the agent is killed
/// half way; a later DEL or GC finds it.
package actor AttachmentService {
    private let datapath: any DatapathPort
    private let wiring: any PodWiring
    private let file: LedgerFile
    private let registry: any PodRegistry
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private var ledger: AttachmentLedger
    private var turns = TurnTaking<AttachmentKey>()

    /// - Parameters:
    ///   - registry: says which pod an attachment is about.
    ///   - now: seconds since 1970.
    /// - Throws: `LedgerError` when the record of an earlier agent cannot be read.
    package init(
        datapath: any DatapathPort, wiring: any PodWiring, file: LedgerFile,
        registry: any PodRegistry = RuntimePods(), logger: Logger, now: @escaping @Sendable () -> Int64
    ) throws {
        self.datapath = datapath
        self.wiring = wiring
        self.file = file
        self.registry = registry
        self.logger = logger
        self.now = now
        ledger = try file.load()
    }

    /// Hands the attachments that outlived an earlier agent to the datapath, and gives back what vanished meanwhile.
    ///
    /// Called once, before the datapath runs.
    package func adoptSurvivors() async throws {
        let interfaces = try await wiring.hostInterfaces()
        for record in ledger.records.values where !interfaces.contains(record.attachment.interface) {
            logger.info(
                "the interface of an attachment is gone, its addresses are free again",
                metadata: ["attachment": "\(record.key)", "pod": "\(record.attachment.pod)"])
            ledger.release(record.key, now: now())
        }
        try file.store(ledger)
        let attachments = ledger.records.values.map(\.attachment)
        await registry.adopt(attachments)
        await datapath.adopt(attachments)
    }

    /// ADD: idempotent per key.
    ///
    /// Returns when the pod's rules are confirmed in the kernel; on failure nothing remains.
    package func add(
        _ invocation: Invocation, _ configuration: NetworkConfiguration, network: String
    ) async throws(PluginError) -> CNIResult {
        let key = AttachmentKey(invocation, network: network)
        await takeTurn(key)
        defer { turns.end(key) }
        let pod = try await registry.pod(of: invocation, configuration)
        let record = try await prepare(key, pod, invocation, configuration)
        do {
            if try await !isWired(record) {
                // What hung on an earlier pair went with it: the datapath must make it anew.
                try await datapath.detach(record.attachment)
                try await wiring.connect(record.interface)
            }
            try await datapath.attach(record.attachment)
        } catch {
            await remove(key)
            throw PluginError(.attachFailed, "cannot attach pod \(record.attachment.pod)", details: "\(error)")
        }
        await registry.attached(record.attachment)
        return record.result
    }

    /// DEL: removes what there is; nothing to remove is success.
    package func delete(_ key: AttachmentKey) async throws(PluginError) {
        await takeTurn(key)
        defer { turns.end(key) }
        if let failure = await remove(key) {
            throw PluginError(.tryAgainLater, "cannot detach \(key)", details: failure)
        }
    }

    /// CHECK: the pair, its addresses, the node's side and the rules are as ADD left them, and as `prevResult` says.
    package func check(_ key: AttachmentKey, previous: CNIResult?) async throws(PluginError) {
        await takeTurn(key)
        defer { turns.end(key) }
        guard let record = ledger.records[key] else {
            throw PluginError(.unknownContainer, "\(key) is not attached", details: "ADD it first")
        }
        guard let previous else {
            throw PluginError(
                .invalidConfiguration, "CHECK of \(key) without prevResult", details: "the runtime must pass it")
        }
        var faults = record.differences(from: previous)
        do {
            faults += try await wiring.faults(of: record.interface)
            if faults.isEmpty { faults += try await datapath.faults(of: record.attachment) }
        } catch {
            faults.append("\(error)")
        }
        guard faults.isEmpty else {
            throw PluginError(.checkFailed, "\(key) is not as ADD left it", details: faults.joined(separator: "; "))
        }
    }

    /// STATUS: throws code 50 when ADD would fail.
    package func status() async throws(PluginError) {
        let status = await datapath.status()
        guard status.isReady else {
            throw PluginError(
                .notAvailable, "the agent of node \(status.node) is not ready", details: status.reason ?? "")
        }
        guard ledger.hasFreeAddresses else {
            throw PluginError(
                .notAvailable, "no free pod address on node \(status.node)",
                details: "subnets \(ledger.pool.subnets.map(\.description).joined(separator: ", ")) are used up")
        }
    }

    /// GC: detaches everything of `network` that the runtime does not list, and interfaces nobody remembers.
    package func collect(network: String, valid: [NetworkConfiguration.Attachment]) async throws(PluginError) {
        let kept = Set(
            valid.map { AttachmentKey(network: network, containerID: $0.containerID, interfaceName: $0.ifname) })
        var failures: [String] = []
        for key in ledger.records.keys where key.network == network && !kept.contains(key) {
            do throws(PluginError) {
                try await delete(key)
            } catch {
                failures.append("\(error.message): \(error.details)")
            }
        }
        do {
            for interface in try await wiring.hostInterfaces() {
                // Asked for each one: an ADD may have begun while we waited.
                let known = Set(ledger.records.keys.map(\.hostInterface)).union(turns.active.map(\.hostInterface))
                if !known.contains(interface) { try await wiring.disconnect(hostInterface: interface) }
            }
        } catch {
            failures.append("\(error)")
        }
        guard failures.isEmpty else {
            throw PluginError(.ioFailure, "GC of \(network) is not complete", details: failures.joined(separator: "; "))
        }
    }

    /// Detaches what vanished with its container: `ctr run --detach` never says DEL.
    package func releaseVanished() async {
        do {
            let interfaces = try await wiring.hostInterfaces()
            for key in ledger.records.keys where !interfaces.contains(key.hostInterface) {
                // An ADD that goes on makes it in a moment.
                if turns.active.contains(key) { continue }
                try await delete(key)
            }
        } catch {
            logger.warning("attachments of containers that are gone are kept", metadata: ["error": "\(error)"])
        }
    }

    package var records: [AttachmentRecord] { Array(ledger.records.values) }
}

extension AttachmentService {
    private func takeTurn(_ key: AttachmentKey) async {
        await withCheckedContinuation { turns.enter(key, $0) }
    }

    private func isWired(_ record: AttachmentRecord) async throws -> Bool {
        guard try await wiring.hostInterfaces().contains(record.attachment.interface) else { return false }
        return try await wiring.faults(of: record.interface).isEmpty
    }

    /// The record of an attachment, new or known, stored.
    private func prepare(
        _ key: AttachmentKey, _ pod: ObjectKey, _ invocation: Invocation, _ configuration: NetworkConfiguration
    ) async throws(PluginError) -> AttachmentRecord {
        guard let node = await datapath.nodeNetwork else {
            let reason = await datapath.status().reason ?? "its node subnet is not known yet"
            throw PluginError(.tryAgainLater, "the agent is not ready", details: reason)
        }
        if let known = ledger.records[key], known.namespacePath == invocation.namespacePath { return known }
        var hostPorts: [HostPort] = []
        for mapping in configuration.runtimeConfig?.portMappings ?? [] {
            if let port = try HostPort(mapping: mapping) { hostPorts.append(port) }
        }
        let bandwidth = try PodBandwidth(configuration.runtimeConfig?.bandwidth)
        do {
            return try change { ledger in
                let addresses = try ledger.reserve(key, from: node.subnets, now: now())
                let record = AttachmentRecord(
                    key: key, namespacePath: invocation.namespacePath, mtu: node.podMTU,
                    attachment: PodAttachment(
                        pod: pod, podUID: invocation.arguments["K8S_POD_UID"],
                        containerID: key.containerID, interface: key.hostInterface, addresses: addresses,
                        mac: PodInterface.podMAC(addresses), hostPorts: hostPorts, bandwidth: bandwidth),
                    runtimeConfiguration: configuration.runtimeConfig)
                ledger.record(record)
                return record
            }
        } catch let error as LedgerError {
            throw PluginError(
                .ioFailure, "the address of pod \(pod) cannot be recorded", details: "\(error)")
        } catch {
            throw PluginError(
                .addressesExhausted, "no address for pod \(pod)", details: "\(error)")
        }
    }

    /// Changes the ledger and stores it; what could not be stored has not happened.
    private func change<Result>(_ change: (inout AttachmentLedger) throws -> Result) throws -> Result {
        var changed = ledger
        let result = try change(&changed)
        try file.store(changed)
        ledger = changed
        return result
    }

    /// Undoes an attachment as far as it goes; what could not be undone stays recorded, and is described.
    @discardableResult
    private func remove(_ key: AttachmentKey) async -> String? {
        do {
            try await wiring.disconnect(hostInterface: key.hostInterface)
            guard let record = ledger.records[key] else { return nil }
            try await datapath.detach(record.attachment)
            try change { $0.release(key, now: now()) }
            await registry.detached(record.attachment)
            return nil
        } catch {
            logger.warning(
                "an attachment could not be removed", metadata: ["attachment": "\(key)", "error": "\(error)"])
            return "\(error)"
        }
    }
}
