import ClusterAPI
import NetworkTypes

extension EgressHolder {
    private var wishedWitnesses: [String] { Set(known?.spec?.witnesses ?? []).sorted() }

    /// How long the words of the witnesses that it counts on last, by now.
    mutating func back(_ now: Int64) {
        // Without a claim on anybody's word, whoever it is to count on will do.
        if standing == nil, claimInFlight == nil {
            let wished = [WitnessQuorum(wishedWitnesses)]
            if quorums != wished {
                quorums = wished
                loseClaim()
            }
        }
        var until = quorums.map { $0.backed(acknowledged, for: timing.lease) }.min() ?? .min
        if known == nil { until = .min }
        if until > now {
            backedUntil = until
        } else if backedUntil != .min {
            backedUntil = .min
            loseClaim()
        }
    }

    mutating func actions(_ now: Int64) -> [Action] {
        var actions = beat(now)
        if let action = hold(now) { actions.append(action) }
        if let action = claim(now) { actions.append(action) }
        if let action = list(now) { actions.append(action) }
        return actions
    }

    private mutating func beat(_ now: Int64) -> [Action] {
        var actions: [Action] = []
        let witnesses = Set(quorums.flatMap(\.witnesses) + wishedWitnesses)
        if lastHeartbeat.map({ now >= $0 + timing.heartbeat }) ?? true, !witnesses.isEmpty {
            lastHeartbeat = now
            let nodes = witnesses.subtracting([EgressNode.apiWitness]).sorted()
            actions.append(.heartbeat(sequence: nextSequence(now), to: nodes))
        }
        let hasAPI = witnesses.contains(EgressNode.apiWitness)
        if hasAPI, !leaseInFlight, needsLease(now), lastLease.map({ now >= $0 + timing.heartbeat }) ?? true {
            leaseInFlight = true
            lastLease = now
            actions.append(.renewLease(sequence: nextSequence(now)))
        }
        return actions
    }

    private mutating func nextSequence(_ now: Int64) -> UInt64 {
        sequence += 1
        sent[sequence] = now
        sent = sent.filter { $0.value > now - timing.lease }
        return sequence
    }

    /// The API is asked only while the others' words would not do.
    private func needsLease(_ now: Int64) -> Bool {
        let wanted = quorums + [WitnessQuorum(wishedWitnesses)]
        let nodes = acknowledged.filter { $0.key != EgressNode.apiWitness }
        return wanted.contains { $0.backed(nodes, for: timing.impatience) <= now }
    }

    private mutating func hold(_ now: Int64) -> Action? {
        guard !holdInFlight else { return nil }
        let wanted = isBacked(at: now) ? confirmed : []
        let until = wanted.isEmpty ? now : min(backedUntil, now + timing.lease)
        let isNew = wanted != inKernel || lastHold == nil
        let isOlder = !wanted.isEmpty && until >= (lastHold?.until ?? .min) + timing.heartbeat / 2
        guard isNew || isOlder, lastHold != nil || now >= nextTry else { return nil }
        holdInFlight = true
        lastHold = (wanted, until)
        inKernel.formUnion(wanted)
        return .hold(wanted, until: until)
    }

    private mutating func claim(_ now: Int64) -> Action? {
        guard claimInFlight == nil, now >= nextTry, let known, let networks, isBacked(at: now) else { return nil }
        let wanted = assigned
        // What is to go must be out of the kernel before anybody hears that it is.
        guard inKernel.isSubset(of: wanted), lastHold != nil else { return nil }
        let witnesses = wishedWitnesses
        let quorum = WitnessQuorum(witnesses)
        let isMade = standing.map {
            $0.addresses == wanted && $0.witnesses == witnesses && $0.networks == networks && quorums.count == 1
        }
        let isSaid =
            said == wanted && Set(known.status?.networks ?? []) == Set(networks.map(\.description))
        if isMade ?? (isSaid && wanted.isEmpty) { return nil }
        // Both the old and the new must stand while it is not known which of them is written.
        guard quorum.backed(acknowledged, for: timing.lease) > now, let version = known.metadata.resourceVersion
        else { return nil }
        if !quorums.contains(quorum) {
            quorums.append(quorum)
            backedUntil = min(backedUntil, quorum.backed(acknowledged, for: timing.lease))
        }
        let claim = EgressClaim(
            version: version, term: (known.status?.term ?? 0) + 1, witnesses: witnesses, addresses: wanted,
            networks: networks)
        claimInFlight = (claim, gaps)
        return .claim(claim)
    }

    private mutating func list(_ now: Int64) -> Action? {
        guard let standing, !standing.addresses.isEmpty, !isListed, listInFlight == nil, now >= nextTry else {
            return nil
        }
        listInFlight = gaps
        return .list
    }
}
