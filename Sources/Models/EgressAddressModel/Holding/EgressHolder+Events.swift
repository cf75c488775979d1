import ClusterAPI
import NetworkTypes

extension EgressHolder {
    mutating func note(_ event: Event, _ now: Int64) {
        switch event {
        case .tick: break
        case .observed(let object): learn(object)
        case .acknowledged(let witness, let number):
            if witness == EgressNode.apiWitness { leaseInFlight = false }
            guard let time = sent[number] else { break }
            acknowledged[witness] = max(acknowledged[witness] ?? .min, time)
        case .leaseFailed: leaseInFlight = false
        case .claimed(let outcome): noteClaim(outcome, now)
        case .listed(let objects): noteList(objects, now)
        case .listFailed:
            listInFlight = nil
            nextTry = now + timing.retry
        case .applied(let addresses):
            holdInFlight = false
            inKernel = addresses
        case .applyFailed:
            holdInFlight = false
            lastHold = nil
            nextTry = now + timing.retry
        case .networks(let networks): self.networks = networks
        }
    }

    private mutating func learn(_ object: EgressNode?) {
        guard let object else {
            known = nil
            (assigned, said, confirmed) = ([], [], [])
            return
        }
        if let known, object.isOlder(than: known) { return }
        // What was claimed of another object of the name is nothing here.
        if let known, known.metadata.uid != object.metadata.uid { loseClaim() }
        known = object
        (assigned, said) = (object.assigned, object.heldAddresses)
        // What it is no longer to hold, it lets go at once.
        confirmed.formIntersection(assigned)
    }

    private mutating func noteClaim(_ outcome: WriteOutcome, _ now: Int64) {
        guard let (claim, gaps) = claimInFlight else { return }
        claimInFlight = nil
        switch outcome {
        case .done(let object):
            learn(object)
            let quorum = WitnessQuorum(claim.witnesses)
            guard gaps == self.gaps else { break }
            quorums = [quorum]
            standing = claim
            isListed = claim.addresses.isSubset(of: confirmed)
            if isListed { contested = [] }
        case .refused(let object):
            if let object { learn(object) }
            nextTry = now + (object == nil ? timing.retry : 0)
        case .unknown: nextTry = now + timing.retry
        }
    }

    private mutating func noteList(_ objects: [EgressNode], _ now: Int64) {
        guard let gaps = listInFlight else { return }
        listInFlight = nil
        guard gaps == self.gaps, let standing else { return }
        let others = objects.filter { $0.key.name != node }.reduce(into: Set<IPAddress>()) { $0.formUnion($1.owned) }
        contested = standing.addresses.intersection(assigned).intersection(others)
        confirmed = standing.addresses.intersection(assigned).subtracting(others)
        isListed = contested.isEmpty
        if !isListed { nextTry = now + timing.retry * 5 }
    }
}
