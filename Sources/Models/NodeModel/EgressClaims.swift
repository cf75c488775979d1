import ClusterAPI
import NetworkTypes

/// What selected pods say of their addresses, so that two with one address can be told from one.
struct EgressClaims: Sendable {
    /// What one pod says.
    struct Claim: Hashable {
        var ways: [IPAddress: EgressWay] = [:]
        var translations: [IPAddress: IPAddress] = [:]

        var isEmpty: Bool { ways.isEmpty && translations.isEmpty }
    }

    private var claims: [ObjectKey: Claim] = [:]
    private var claimants: [IPAddress: Set<ObjectKey>] = [:]

    /// Returns the addresses about which the pod says something else now.
    mutating func set(_ claim: Claim, of pod: ObjectKey) -> Set<IPAddress> {
        let before = claims[pod] ?? Claim()
        guard before != claim else { return [] }
        claims[pod] = claim.isEmpty ? nil : claim
        let old = Set(before.ways.keys).union(before.translations.keys)
        let new = Set(claim.ways.keys).union(claim.translations.keys)
        for address in old.subtracting(new) {
            claimants[address]?.remove(pod)
            if claimants[address]?.isEmpty == true { claimants[address] = nil }
        }
        for address in new.subtracting(old) { claimants[address, default: []].insert(pod) }
        return old.union(new)
    }

    /// Two pods with one address and different ways have none.
    func way(of address: IPAddress) -> EgressWay? {
        let ways = Set((claimants[address] ?? []).compactMap { claims[$0]?.ways[address] })
        return ways.count > 1 ? .closed : ways.first
    }

    func translation(of address: IPAddress) -> IPAddress? {
        let found = Set((claimants[address] ?? []).compactMap { claims[$0]?.translations[address] })
        return found.count == 1 ? found.first : nil
    }
}
