import ClusterAPI
import FailoverCompiler
import FailoverModel
import FoundationEssentials
import Keepalived
import KeepalivedDriver
import KubernetesClient
import LinkState
import LinuxSystem
import Logging
import NFTables
import NFTablesDriver
import NetworkTypes
import RoutingDriver

extension FailoverAgent {
    /// Brings the kernel's rules and keepalived to what the API says; true when all was done.
    func pass() async -> Bool {
        guard knowledge.isComplete else { return true }
        let plan = knowledge.plan
        do {
            let next = plan.local(to: node, interfaces: try interfaces())
            var problems = next.problems
            await readKeys(next.secrets, &problems)
            if self.plan == nil, keepalived.isRunning { try takeOver(next) }
            self.plan = plan
            local = next
            writeHealth()
            let configuration = FailoverCompiler.configuration(next, files, keys: keys)
            if let table = FailoverTable.table(next) {
                try await tables.apply(
                    Transaction.plan(from: try await tables.observe(.inet, FailoverTable.name), to: table))
            }
            try await apply(configuration)
            if FailoverTable.table(next) == nil { try await tables.deleteTable(.inet, FailoverTable.name) }
            forgetStrangers(next)
            complain(problems)
            statusBell.ring()
            count { figures in
                figures.hold(Set(heldSince.keys))
                figures.problems = problems.values.joined().count
                figures.isReady = KeepalivedDriver.isInstalled
            }
            return problems.isEmpty
        } catch {
            logger.error("addresses cannot be programmed", metadata: ["error": "\(error)"])
            count { figures in
                figures.problems = plan.groups.count
                figures.isReady = false
            }
            complain(Dictionary(uniqueKeysWithValues: plan.groups.map { ($0.group.key.name, ["\(error)"]) }))
            return false
        }
    }

    /// What a keepalived from before us holds: it tells changes only.
    private func takeOver(_ local: LocalFailover) throws {
        let present = try routing.localAddresses()
        for instance in local.instances where present.contains(instance.address) {
            states[instance.address] = .master
            heldSince[instance.address] = .now()
        }
    }

    private func interfaces() throws -> [InterfaceAddress] {
        try routing.observe(.prefix("")).addresses.compactMap {
            InterfaceAddress(interface: $0.device, address: $0.address, prefixLength: $0.prefixLength)
        }.sorted { ($0.interface, $0.address) < ($1.interface, $1.address) }
    }

    private func apply(_ configuration: KeepalivedConfiguration?) async throws {
        guard let configuration else {
            try await keepalived.end()
            try removeLeftovers()
            applied = nil
            return
        }
        guard configuration != applied || !keepalived.isRunning else { return }
        if !keepalived.isRunning { try removeLeftovers() }
        try await keepalived.apply(configuration)
        applied = configuration
    }

    /// Takes off what a keepalived that was killed has left on the interfaces.
    func removeLeftovers() throws {
        let places = Set(KeepalivedConfiguration.addresses(in: keepalived.written() ?? ""))
        let present = try routing.observe(.prefix("")).addresses.filter { address in
            address.prefixLength == address.address.family.bitWidth
                && places.contains { $0.address == address.address && $0.interface == address.device }
        }
        if !present.isEmpty { try routing.apply(present.map { LinkChange.removeAddress($0) }) }
    }

    private func readKeys(_ secrets: [String: String], _ problems: inout [String: [String]]) async {
        var read: [String: AuthenticationKey] = [:]
        for (group, name) in secrets {
            do {
                let secret = try await client.get(
                    Self.secrets, name, in: FailoverGroup.secretNamespace)
                let text = secret["data"]?[FailoverGroup.secretKey]?.string ?? ""
                if let data = Data(base64Encoded: text), data.count >= 8 {
                    read[group] = AuthenticationKey(secret: Array(data))
                } else {
                    let what = "has no data.\(FailoverGroup.secretKey) of at least 8 bytes"
                    problems[group, default: []].append(
                        "the Secret \(FailoverGroup.secretNamespace)/\(name) \(what), so node \(node) takes no part")
                }
            } catch  where error.apiFailure?.isNotFound == true {
                problems[group, default: []].append(
                    "there is no Secret \(FailoverGroup.secretNamespace)/\(name), so node \(node) takes no part")
            } catch {
                // The API is away: what was read holds.
                read[group] = keys[group]
                problems[group, default: []].append("the Secret \(name) cannot be read: \(error)")
            }
        }
        keys = read
    }

    private static let secrets = ResourceType(
        group: "", version: "v1", kind: "Secret", plural: "secrets", isNamespaced: true)

    /// What is no address of this node any more is not held.
    private func forgetStrangers(_ local: LocalFailover) {
        let known = Set(local.instances.map(\.address))
        states = states.filter { known.contains($0.key) }
        heldSince = heldSince.filter { known.contains($0.key) }
    }

    /// One Warning for each group and problem of this node.
    private func complain(_ problems: [String: [String]]) {
        for (name, texts) in problems where complaints[name] != texts {
            guard let group = knowledge.groups[name] else { continue }
            recorder.record(
                .warning, about: group, reason: "FailoverNotProgrammed", message: texts.joined(separator: "; "))
        }
        complaints = problems
    }

    /// Starts keepalived again when it has ended, and looks now and then whether others changed what it needs.
    func supervise() async {
        var rounds = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
            rounds += 1
            if applied != nil, !keepalived.isRunning {
                logger.error("keepalived ended by itself; starting it again", metadata: ["log": "\(files.log)"])
                for address in heldSince.keys { note(address, .stop) }
                count { $0.restarts += 1 }
                do {
                    try removeLeftovers()
                    try keepalived.start()
                } catch {
                    logger.error("keepalived cannot be started", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                }
            }
            // Interfaces, rules and keys change without an event.
            if rounds % 100 == 0 { passBell.ring() }
        }
    }
}
