import ClusterAPI
import NetworkTypes

/// Which living pod an address belongs to.
///
/// Two may claim one while the news of the older one's end is under way: the younger owns it.
struct AddressOwners: Sendable {
    private var claims: [IPAddress: [Claim]] = [:]

    private struct Claim: Hashable {
        let pod: Int
        let creation: String
        let key: ObjectKey
    }

    func owner(of address: IPAddress) -> Int? { claims[address]?.last?.pod }

    /// Every pod with a claim.
    func claimants(of address: IPAddress) -> [Int] { claims[address]?.map(\.pod) ?? [] }

    mutating func add(_ facts: PodFacts, slot: Int) {
        let claim = Claim(pod: slot, creation: facts.creation, key: facts.key)
        for address in facts.claims {
            var list = claims[address] ?? []
            let place = list.firstIndex { (claim.creation, claim.key) < ($0.creation, $0.key) }
            list.insert(claim, at: place ?? list.endIndex)
            claims[address] = list
        }
    }

    mutating func remove(_ facts: PodFacts, slot: Int) {
        for address in facts.claims {
            claims[address]?.removeAll { $0.pod == slot }
            if claims[address]?.isEmpty == true { claims[address] = nil }
        }
    }
}

extension PodFacts {
    /// The addresses that it speaks for: none once it has ended, and none on the host network.
    var claims: [IPAddress] { isPeer ? addresses : [] }
}
