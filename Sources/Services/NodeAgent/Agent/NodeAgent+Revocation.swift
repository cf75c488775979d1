import ConntrackDriver
import DatapathCompiler
import Logging
import NetworkTypes
import NodeModel
import PolicyEngine
import ServiceModel

extension NodeAgent {
    /// Judges the connections of this node's pods again after every change that may deny one.
    func revocationLoop() async {
        for await _ in revocations {
            do {
                try await revoke()
            } catch {
                logger.warning("connections could not be judged again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: configuration.longestRetry)
                revocation.yield()
            }
            try? await Task.sleep(for: configuration.revocationPause)
        }
    }

    private func revoke() async throws {
        guard applied != nil else { return }
        let debt = revocationDue
        revocationDue = RevocationDebt()
        do {
            try await pay(debt)
        } catch {
            revocationDue.formUnion(debt)
            throw error
        }
    }

    private func pay(_ debt: RevocationDebt) async throws {
        guard !debt.isEmpty else { return }
        let entries = try await kernel.connections(of: debt.isAboutDatagrams ? .udp : nil)
        followNames()
        var losers: [ConntrackEntry] = []
        // In pieces: the agent has other work between them.
        for start in stride(from: 0, to: entries.count, by: 512) {
            let piece = entries[start..<min(start + 512, entries.count)]
            if debt.policies { losers += losersAmong(piece) }
            losers += strandedAmong(piece, debt.frontends)
            if debt.egress { losers += strayingAmong(piece) }
            await Task.yield()
        }
        guard !losers.isEmpty else { return }
        // One may be both.
        let ended = try await kernel.end(Array(Set(losers)))
        counters.revokedConnections += ended
        logger.info(
            "connections that are no longer allowed, or lead to nobody, were ended", metadata: ["count": "\(ended)"])
    }

    private func losersAmong(_ entries: ArraySlice<ConntrackEntry>) -> [ConntrackEntry] {
        let addresses = compiler.addressHolders
        let subnets = model.state.node?.subnets ?? []
        return entries.filter { entry in
            let ends = (source: trueSource(of: entry), destination: entry.reply.source)
            let local = [ends.source, ends.destination].filter { end in
                addresses[end] != nil || subnets.contains { $0.contains(end) }
            }
            guard !local.isEmpty else { return false }
            // An address of ours that no open pod has: what was connected to it is over.
            guard local.allSatisfy({ addresses[$0] == true }) else { return true }
            return !isAllowed(entry, from: ends.source, to: ends.destination, local: local)
        }
    }

    /// A process of this node that asked a loopback address for a node port is the node.
    private func trueSource(of entry: ConntrackEntry) -> IPAddress {
        let source = entry.original.source
        return source.isLoopback ? model.state.node?.hostAddress(source.family) ?? source : source
    }

    /// By its true ends: the source before translation, the destination after it.
    private func isAllowed(
        _ entry: ConntrackEntry, from source: IPAddress, to destination: IPAddress, local: [IPAddress]
    ) -> Bool {
        let transport = TransportProtocol.allCases.first { $0.number(source.family) == entry.original.ipProtocol }
        var port: UInt16?
        if case .ports(let answering, _) = entry.reply.detail { port = answering }
        let question = FlowMemo<Bool>.Question(
            source: source, destination: destination, ipProtocol: entry.original.ipProtocol, port: port)
        if let known = permissions[question] { return known }
        // A protocol that policies cannot name passes where ICMP does: by rules for every port.
        let verdict = model.engine.verdict(
            source: source, destination: destination, transport: transport ?? .icmp,
            port: transport?.hasPorts == true ? port : nil)
        let isAllowed =
            (!local.contains(source) || verdict.egress.allowed)
            && (!local.contains(destination) || verdict.ingress.allowed)
        return permissions.remember(isAllowed, for: question)
    }
}
