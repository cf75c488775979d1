import ClusterAPI
import FailoverCompiler
import FailoverModel
import Keepalived
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes

extension FailoverAgent {
    /// Reads keepalived's news until the task is cancelled.
    func listen() async {
        while !Task.isCancelled {
            do {
                let lines = try await pipe.lines(within: .milliseconds(500))
                for message in lines.compactMap({ NotifyMessage($0) }) { note(message) }
            } catch {
                logger.error("keepalived's news cannot be read", metadata: ["error": "\(error)"])
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    private func note(_ message: NotifyMessage) {
        let instance = local.instances.first { FailoverCompiler.instanceName($0.address).text == message.instance }
        if let instance { note(instance.address, message.state) }
    }

    func note(_ address: IPAddress, _ state: NotifyMessage.State) {
        let old = states.updateValue(state, forKey: address)
        guard old != state else { return }
        let group = local.instances.first { $0.address == address }.flatMap { knowledge.groups[$0.group] }
        if state == .master {
            heldSince[address] = .now()
            told.remove(address)
            if let group {
                recorder.record(
                    .normal, about: group, reason: "AddressTaken", message: "\(address) is at node \(node)")
            }
        } else if heldSince.removeValue(forKey: address) != nil {
            told.remove(address)
            if let group {
                recorder.record(
                    .normal, about: group, reason: "AddressReleased",
                    message: "\(address) is no longer at node \(node) (\(state.rawValue.lowercased()))")
            }
        }
        count { $0.hold(Set(heldSince.keys)) }
        statusBell.ring()
    }

    /// True when every group says what there is to say.
    func report() async -> Bool {
        guard let plan else { return true }
        var isDone = true
        for group in plan.groups {
            do {
                try await report(group)
            } catch  where error.apiFailure?.isNotFound == true {
                continue
            } catch {
                isDone = false
                logger.debug("a status is not written", metadata: ["error": "\(error)"])
            }
        }
        return isDone
    }

    /// Again, when another node was faster.
    private func report(_ group: FailoverGroupPlan) async throws {
        let name = group.group.key.name
        for _ in 0..<5 {
            guard let present = knowledge.groups[name] else { return }
            let held = HeldAddresses(node: node, held: heldSince, told: told)
            let addresses = held.list(group, present: present.status?.addresses ?? [])
            var ready = ObjectCondition(group, at: .now())
            if let said = present.status?.conditions?.first(where: { $0.type == "Ready" }), said.status == ready.status
            {
                ready.lastTransitionTime = said.lastTransitionTime
            }
            let status = FailoverGroupStatus(conditions: [ready], addresses: addresses)
            if status != present.status {
                warn(addresses, about: present)
                do {
                    let document: JSONValue = [
                        "metadata": ["resourceVersion": .string(present.metadata.resourceVersion ?? "")],
                        "status": [
                            "conditions": [ready.document], "addresses": .array(addresses.map(\.document)),
                        ],
                    ]
                    knowledge.remember(
                        try await client.patch(FailoverGroup.self, name, with: .merge(document), subresource: "status"))
                } catch  where error.apiFailure?.isConflict == true {
                    knowledge.remember(try await client.get(FailoverGroup.self, name))
                    continue
                }
            }
            for address in group.addresses.map(\.address) where heldSince[address] != nil { told.insert(address) }
            return
        }
    }

    /// Two holders are what must not be: both are told, once.
    private func warn(_ addresses: [HeldAddress], about group: FailoverGroup) {
        let known = Dictionary((group.status?.addresses ?? []).map { ($0.address, $0) }) { first, _ in first }
        for entry in addresses where entry.alsoHeldBy?.contains(node) == true {
            guard known[entry.address]?.alsoHeldBy?.contains(node) != true else { continue }
            recorder.record(
                .warning, about: group, reason: "AddressHeldTwice",
                message: "\(entry.address) is at node \(node), and node \(entry.node ?? "") says that it has it: "
                    + "the two do not hear each other's VRRP")
        }
    }
}
