import DatapathCompiler
import LinkState
import Logging
import NFTables
import NetworkTypes
import NodeModel
import ServiceModel

extension NodeAgent {
    /// One round: model, compile, plan, apply, confirm.
    ///
    /// False when the kernel did not take everything.
    func pass() async -> Bool {
        guard isSynced else { return true }
        await answerQuestions()
        let start = firstEvent ?? clock.now
        firstEvent = nil
        model.setTime(now())
        followNames()
        unsettled.formUnion(model.settle())
        await observeAddresses()
        await measureUnderlay()
        let changes = unsettled
        unsettled = .init()
        pending.formUnion(compiler.update(model.state, changes))
        guard model.state.node != nil || applied != nil else { return true }
        counters.passes += 1
        let strandable = changes.services.filter {
            $0.transport == .udp || model.state.services[$0]?.sourceRanges != nil
        }
        // What an agent before this one let out may have an address that has moved since.
        let strandsEgress = changes.strandsEgress || applied == nil
        revocationOwed.formUnion(
            RevocationDebt(policies: changes.mayDeny, frontends: strandable, egress: strandsEgress))
        let succeeded = await apply()
        let took = (clock.now - start).components
        counters.lastPassMicroseconds = took.seconds * 1_000_000 + took.attoseconds / 1_000_000_000_000
        counters.slowestPassMicroseconds = max(counters.slowestPassMicroseconds, counters.lastPassMicroseconds)
        // Only once the kernel has the rules: connections made under the old ones meanwhile are judged too.
        if !revocationOwed.isEmpty, hasCurrentRules {
            revocationDue.formUnion(revocationOwed)
            revocationOwed = RevocationDebt()
            revocation.yield()
        }
        return succeeded
    }

    /// Looked at with every observation.
    private func observeAddresses() async {
        guard needsObservation else { return }
        do {
            localAddresses = try await kernel.localAddresses()
            model.setLocalAddresses(localAddresses)
        } catch {
            logger.warning("the node's own addresses are unknown", metadata: ["error": "\(error)"])
        }
    }

    /// The node's network depends on the underlay's MTU: it is asked for when the endpoint is new, and with every
    /// observation.
    private func measureUnderlay() async {
        guard let endpoint = model.state.node?.tunnelEndpoint, endpoint != measuredEndpoint || needsObservation else {
            return
        }
        do {
            let mtu = try await kernel.underlayMTU(endpoint: endpoint, interface: configuration.underlayInterface)
            measuredMTU = mtu
            guard let mtu else {
                logger.warning(
                    "no interface has the node's address: assuming an MTU of 1500", metadata: ["address": "\(endpoint)"]
                )
                measuredEndpoint = endpoint
                return
            }
            measuredEndpoint = endpoint
            model.setUnderlayMTU(mtu)
            unsettled.formUnion(model.settle())
        } catch {
            logger.warning("the underlay's MTU is unknown", metadata: ["error": "\(error)"])
        }
    }

    /// First the rules, then the ways: a packet finds its rules already there.
    private func apply() async -> Bool {
        let target = compiler.datapath
        let isObserving = needsObservation || applied == nil
        // What is noticed from here on needs another look.
        needsObservation = false
        do {
            let plan = try await plan(to: target, isObserving: isObserving)
            if isObserving { counters.observations += 1 }
            if isObserving, pending.isEmpty, applied != nil, !plan.isEmpty {
                counters.drifts += 1
                revocationOwed.policies = true
                revocationOwed.egress = true
                logger.warning("the kernel had drifted and is corrected", metadata: ["changes": "\(plan.size)"])
            }
            if !plan.isEmpty {
                kernelChanges += 1
                isChangingKernel = true
            }
            defer { isChangingKernel = false }
            for transaction in plan.transactions where !transaction.isEmpty {
                try await kernel.apply(transaction)
                counters.transactions += 1
                noteNameSets(in: transaction)
            }
            let failures = plan.links.isEmpty ? [] : await kernel.apply(plan.links)
            counters.changes += plan.size
            return finish(target, failures)
        } catch {
            fail("\(error)")
            return false
        }
    }

    private struct Plan {
        var transactions: [Transaction] = []
        var links: [LinkChange] = []

        var isEmpty: Bool { transactions.allSatisfy(\.isEmpty) && links.isEmpty }
        var size: Int { transactions.reduce(links.count) { $0 + $1.operations.count } }
    }

    private func plan(to target: Datapath, isObserving: Bool) async throws -> Plan {
        guard let applied, !isObserving else {
            return Plan(
                transactions: try await transactions(to: target), links: try await kernel.linkChanges(to: target.links))
        }
        var plan = Plan(transactions: [pending.transaction(from: applied.table, to: target.table)])
        if pending.arp { plan.transactions.append(Transaction.plan(from: applied.arpTable, to: target.arpTable)) }
        plan.links = pending.linkChanges(from: applied, to: target)
        return plan
    }

    /// What differs from what the kernel has now: one for each table.
    func transactions(to target: Datapath) async throws -> [Transaction] {
        [try await kernel.transaction(to: target.table), try await kernel.transaction(to: target.arpTable)]
    }

    /// The rules are in the kernel; what failed of the links that all pods need is observed and tried again.
    private func finish(_ target: Datapath, _ failures: [LinkFailure]) -> Bool {
        applied = target
        hasCurrentRules = true
        pending = DatapathDelta()
        orderNames()
        failedInterfaces = [:]
        for interface in compiler.interfaces {
            failedInterfaces[interface] = failures.first { $0.what.contains(interface) }?.description
        }
        // A pod whose interface is gone is that pod's trouble, not the node's: it is tried again with every pass.
        for interface in failedInterfaces.keys {
            applied?.podLinks[interface] = nil
            pending.retryLinks(of: interface)
        }
        let general = failures.filter { failure in !failedInterfaces.keys.contains { failure.what.contains($0) } }
        if general.isEmpty {
            lastFailure = nil
        } else {
            record(failure: general.prefix(5).map(\.description).joined(separator: "; "))
        }
        if !general.isEmpty { needsObservation = true }
        confirm(hasTopology: general.isEmpty)
        return general.isEmpty
    }

    private func fail(_ reason: String) {
        needsObservation = true
        hasCurrentRules = false
        record(failure: reason)
    }

    private func record(failure: String) {
        counters.failures += 1
        if lastFailure != failure { logger.error("the kernel refused a change", metadata: ["error": "\(failure)"]) }
        lastFailure = failure
    }
}
