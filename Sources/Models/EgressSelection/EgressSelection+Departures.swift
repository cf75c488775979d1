package import ClusterAPI
package import NetworkTypes

extension EgressSelection {
    /// How what a pod sends to hosts outside of a family leaves the cluster; nil for pods that are the node themselves, or unknown.
    ///
    /// Up to date after `settle`.
    ///
    /// - Parameters:
    ///   - node: where the pod runs, if that is known.
    ///   - isReached: whether other nodes' packets get to a node. From one that has an address itself they need not.
    ///   - knowsHolders: false where no EgressNodes were read, so that nobody is known to hold anything.
    package func departure(
        of pod: ObjectKey, on node: String?, _ family: IPAddress.Family, knowsHolders: Bool = true,
        isReached: (String) -> Bool = { _ in true }
    ) -> Departure? {
        guard pods[pod] != nil else { return nil }
        guard let answer = answers[pod] else { return .asNode(node) }
        let owner = answer.owner
        let asked = (requests[owner]?.addresses ?? []).filter { $0.family == family }
        if !knowsHolders {
            let free = asked.filter { askers[$0]?.count == 1 }
            return free.isEmpty ? .closed(reasons(owner, asked, family), owner) : .unplaced(free, owner)
        }
        // A node leaves with the first of its addresses, and a pod by its own node if that has one.
        var holders: Set<String> = []
        let active = answer.active.filter { $0.address.family == family && holders.insert($0.holder).inserted }
        if let own = active.first(where: { $0.holder == node }) { return .with([own], owner) }
        let reached = active.filter { isReached($0.holder) }
        if !reached.isEmpty { return .with(reached, owner) }
        let stranded = active.map { "\($0.address) is held by \($0.holder), to which no overlay leads" }
        return .closed(reasons(owner, asked, family) + stranded, owner)
    }

    private func reasons(_ owner: EgressOwner, _ asked: [IPAddress], _ family: IPAddress.Family) -> [String] {
        let mistakes = requests[owner]?.mistakes ?? []
        let inactive = asked.compactMap { address in whyInactive(address).map { "\(address) \($0)" } }
        let none = "it asks for no IPv\(family.rawValue) address"
        return mistakes + inactive + (asked.isEmpty && mistakes.isEmpty ? [none] : [])
    }
}
