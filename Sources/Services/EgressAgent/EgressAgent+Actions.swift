import ClusterAPI
import EgressAddressModel
import KubernetesClient
import Logging
import NetworkTypes

extension EgressAgent {
    func advance(holder event: EgressHolder.Event) {
        for action in holder.handle(event, at: clock.now) { perform(action) }
    }

    func advance(witness event: EgressWitness.Event) {
        for action in witness.handle(event, at: clock.now) {
            toDo.yield {
                let (subject, outcome) = await self.requests.write(action)
                await self.note(outcome, of: subject, action)
            }
        }
    }

    private func note(_ outcome: WriteOutcome, of subject: String, _ action: EgressWitness.Action) {
        if case .done(let object) = outcome {
            switch action {
            case .callSilent:
                logger.warning("a node is silent", metadata: ["node": "\(subject)"])
                recorder.record(
                    .warning, about: object, reason: "NodeSilent", message: "node \(node) does not hear node \(subject)"
                )
            case .register: logger.info("hears a node", metadata: ["node": "\(subject)"])
            }
        }
        advance(witness: .wrote(subject: subject, outcome))
    }

    /// A datagram counts if it comes from the address of the node that it names.
    func receive(_ signal: EgressSignal, _ from: IPAddress) {
        guard nodeAddresses[signal.node] == from else {
            strangers += 1
            if strangers.isMultiple(of: 1_000) || strangers == 1 {
                logger.warning(
                    "a heartbeat from a stranger is ignored",
                    metadata: ["from": "\(from)", "as": "\(signal.node)", "count": "\(strangers)"])
            }
            return
        }
        switch signal.kind {
        case .heartbeat:
            guard witness.hears(signal.node, at: clock.now) else { return advance(witness: .tick) }
            let answer = EgressSignal(
                .acknowledgement, node: node, process: signal.process, sequence: signal.sequence)
            signals?.send(answer, to: from)
        case .acknowledgement:
            guard signal.process == process else { return }
            advance(holder: .acknowledged(witness: signal.node, sequence: signal.sequence))
        }
    }

    private func perform(_ action: EgressHolder.Action) {
        switch action {
        case .heartbeat(let sequence, let witnesses):
            let signal = EgressSignal(.heartbeat, node: node, process: process, sequence: sequence)
            for address in witnesses.compactMap({ nodeAddresses[$0] }) { signals?.send(signal, to: address) }
        case .renewLease(let sequence):
            toDo.yield {
                do {
                    try await self.requests.renewLease()
                    await self.advance(holder: .acknowledged(witness: EgressNode.apiWitness, sequence: sequence))
                } catch {
                    self.logger.debug("the Lease is not renewed", metadata: ["error": "\(error)"])
                    await self.advance(holder: .leaseFailed)
                }
            }
        case .claim(let claim):
            let (since, problems) = (since, problems)
            toDo.yield {
                let outcome = await self.requests.claim(claim, since: since, problems: problems)
                await self.advance(holder: .claimed(outcome))
            }
        case .list:
            toDo.yield {
                do {
                    await self.advance(holder: .listed(try await self.requests.list()))
                } catch {
                    await self.advance(holder: .listFailed)
                }
            }
        case .hold(let addresses, let until): toDo.yield { await self.hold(addresses, until: until) }
        }
    }

    /// The fence, and then the addresses behind it.
    private func hold(_ addresses: Set<IPAddress>, until: Int64) async {
        do {
            let held = try await kernel.hold(addresses, until: until)
            noteSince(held)
            advance(holder: .applied(held))
            place()
        } catch {
            complain("the fence cannot be opened or closed: \(error)")
            advance(holder: .applyFailed)
        }
    }

    private func noteSince(_ held: Set<IPAddress>) {
        count(holding: held)
        guard Set(since.keys) != held else { return }
        logger.notice("holds", metadata: ["addresses": "\(held.sorted().map(\.description).joined(separator: ","))"])
        let now = Timestamp.now().seconds
        since = Dictionary(uniqueKeysWithValues: held.map { ($0, since[$0] ?? now) })
    }

    /// Puts on the interfaces what is held, again if somebody took it off, and takes off what is not.
    func place() {
        do {
            let (new, problems) = try kernel.place(holder.confirmed)
            for problem in problems { complain(problem) }
            let now = clock.now
            // Several times: what is said once may be lost.
            for (address, _) in new { announcements[address] = [0, 100, 300, 1_000, 3_000].map { now + $0 } }
            announce()
        } catch {
            complain("an address cannot be put on its interface: \(error)")
        }
    }

    /// Now and then again, for whoever was told something else.
    private static var announcementPause: Int64 { 30_000 }

    func announce() {
        guard !announcements.isEmpty else { return }
        let now = clock.now
        let devices = kernel.devices()
        for (address, times) in announcements {
            guard holder.confirmed.contains(address), holder.isBacked(at: now), let device = devices[address] else {
                announcements[address] = nil
                continue
            }
            guard let next = times.first, next <= now else { continue }
            let rest = times.dropFirst()
            announcements[address] = rest.isEmpty ? [now + Self.announcementPause] : Array(rest)
            do {
                try kernel.announce(address, on: device, until: holder.backedUntil)
            } catch {
                complain("\(address) cannot be announced: \(error)")
            }
        }
    }
}
