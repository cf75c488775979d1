import ClusterAPI
import EgressAddressModel
import NetworkTypes
import TestRandom

extension Simulation {
    mutating func deliver(_ event: Event, to name: String, _ incarnation: Int?) {
        guard var node = nodes[name] else { return }
        if case .tick = event, incarnation == nil {
            queue.add(.node(name, nil, .tick), at: now + 90)
            // Watches that have broken begin anew.
            if random.once(in: 10), !apiIsAway.contains(name) {
                let all = Array(api.objects.values)
                queue.add(.node(name, nil, .watched(all)), at: now + 2 + Int64(random.below(30)) + slowness)
            }
        }
        guard node.isRunning, incarnation == nil || incarnation == node.incarnation else { return }
        if node.isFrozen(now) {
            if case .tick = event { return }
            node.waiting.append(event)
            nodes[name] = node
            return
        }
        let events = node.waiting + [event]
        node.waiting = []
        nodes[name] = node
        for event in events { process(event, name) }
    }

    private mutating func process(_ event: Event, _ name: String) {
        guard var node = nodes[name] else { return }
        let time = node.clock(now)
        var holding: [EgressHolder.Action] = []
        var witnessing: [EgressWitness.Action] = []
        switch event {
        case .tick:
            holding = node.holder.handle(.tick, at: time)
            witnessing = node.witness.handle(.tick, at: time)
        case .heartbeat(let other, let sequence, let incarnation):
            if node.witness.hears(other, at: time) {
                acknowledge(sequence, from: name, to: other, incarnation)
            }
            witnessing = node.witness.handle(.tick, at: time)
        case .acknowledgement(let other, let sequence, _):
            holding = node.holder.handle(.acknowledged(witness: other, sequence: sequence), at: time)
        case .holder(let event): holding = node.holder.handle(event, at: time)
        case .witness(let event): witnessing = node.witness.handle(event, at: time)
        case .watched(let objects):
            for object in objects where node.told[object.key.name] != object.metadata.resourceVersion {
                node.told[object.key.name] = object.metadata.resourceVersion
                if object.key.name == name { holding += node.holder.handle(.observed(object), at: time) }
                witnessing += node.witness.handle(.observed(object), at: time)
            }
        case .apply(let addresses, let until):
            // As the driver: looks at the clock, gives the kernel what is left.
            let left = until - time
            node.fence = left > 0 ? Dictionary(uniqueKeysWithValues: addresses.map { ($0, now + left) }) : [:]
            holding = node.holder.handle(.applied(left > 0 ? addresses : []), at: time)
        }
        nodes[name] = node
        for action in holding { perform(action, node) }
        for action in witnessing { ask(.witness(action, by: name), Asker(name: name, count: node.incarnation)) }
    }

    private mutating func acknowledge(_ sequence: UInt64, from: String, to: String, _ incarnation: Int) {
        guard let delay = packetDelay(from, to) else { return }
        let event = Event.acknowledgement(from: from, sequence: sequence, incarnation: incarnation)
        queue.add(.node(to, incarnation, event), at: now + delay)
    }

    private mutating func perform(_ action: EgressHolder.Action, _ node: SimulatedNode) {
        let asker = Asker(name: node.name, count: node.incarnation)
        switch action {
        case .heartbeat(let sequence, let witnesses):
            for witness in witnesses {
                guard let delay = packetDelay(node.name, witness) else { continue }
                let event = Event.heartbeat(from: node.name, sequence: sequence, incarnation: node.incarnation)
                queue.add(.node(witness, nil, event), at: now + delay)
            }
        case .renewLease(let sequence):
            ask(.renew(node.name, sequence: sequence), asker)
        case .claim(let claim): ask(.claim(claim, node: node.name), asker)
        case .list: ask(.list, asker)
        case .hold(let addresses, let until):
            let delay = Int64(random.below(kernelTime))
            queue.add(.node(node.name, node.incarnation, .apply(addresses, until: until)), at: now + delay)
        }
    }

    /// An answer reaches who asked, if that process lives; nil: there was none.
    mutating func take(_ answer: APIAnswer?, _ request: APIRequest, _ asker: Asker) {
        if asker.controller != nil { return takeByController(answer, request, asker) }
        let event: Event
        switch (request, answer) {
        case (.claim, .object(let object)): event = .holder(.claimed(.done(object)))
        case (.claim, .refused(let object)): event = .holder(.claimed(.refused(object)))
        case (.claim, _): event = .holder(.claimed(.unknown))
        case (.list, .list(let objects)): event = .holder(.listed(objects))
        case (.list, _): event = .holder(.listFailed)
        case (.renew(_, let sequence), .done):
            event = .holder(.acknowledged(witness: EgressNode.apiWitness, sequence: sequence))
        case (.renew, _): event = .holder(.leaseFailed)
        case (.witness(let action, _), let answer):
            let subject =
                switch action {
                case .callSilent(let object), .register(let object): object.key.name
                }
            let outcome: WriteOutcome =
                switch answer {
                case .object(let object): .done(object)
                case .refused(let object): .refused(object)
                default: .unknown
                }
            event = .witness(.wrote(subject: subject, outcome))
        default: return
        }
        queue.add(.node(asker.name, asker.count, event), at: now)
    }
}
