package import ClusterAPI
import NetworkTypes

extension EgressSelection {
    /// What keeps the owners of these pods from having all the addresses that they ask for, in words, sorted.
    package func problems(of pods: some Sequence<ObjectKey>) -> [String] {
        let owners = Set(pods.compactMap { answers[$0]?.owner })
        return owners.flatMap(problems).sorted()
    }

    private func problems(of owner: EgressOwner) -> [String] {
        guard let request = requests[owner] else { return [] }
        let inactive = request.addresses.compactMap { address in
            whyInactive(address).map { "\(owner): \(address) \($0)" }
        }
        let isClosed = inactive.count == request.addresses.count
        let closed = "\(owner): no address is active: what its pods send out of the cluster is dropped"
        return request.mistakes.map { "\(owner): \($0)" } + inactive + (isClosed ? [closed] : [])
    }

    func whyInactive(_ address: IPAddress) -> String? {
        let owners = askers[address] ?? []
        if owners.count > 1 {
            return "is asked for by \(Self.list(owners.map(\.description))): nobody has it until one alone does"
        }
        let nodes = holders[address] ?? []
        if nodes.isEmpty { return "is held by no node" }
        return nodes.count > 1 ? "is held by EgressNodes \(Self.list(nodes)): nobody has it until one alone does" : nil
    }

    private static func list(_ words: some Sequence<String>) -> String { words.sorted().joined(separator: ", ") }
}
