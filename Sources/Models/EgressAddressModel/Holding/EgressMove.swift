package import ClusterAPI
package import NetworkTypes

/// A change of the ledger: what one EgressNode is to say, upon the version that was read.
package struct EgressMove: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case given
        case toBeLetGo
        case letGo
        /// Taken from a node that cannot hold it any more.
        case fenced(silentTo: [String])
        case back
    }

    package let object: EgressNode
    package private(set) var addresses: Set<IPAddress>
    package private(set) var releasing: Set<IPAddress>
    package private(set) var reasons: [IPAddress: Reason] = [:]

    init(_ object: EgressNode) {
        self.object = object
        addresses = object.assigned
        releasing = object.leaving
    }

    package var isEmpty: Bool { reasons.isEmpty }

    /// What leaves the node, one by one.
    mutating func take(wanted: [IPAddress: String], apiIsSilent: Bool) {
        let (node, held) = (object.key.name, object.heldAddresses)
        let isFenced = object.isFenced(apiIsSilent: apiIsSilent)
        for address in addresses.union(releasing).sorted() {
            if wanted[address] == node {
                guard releasing.contains(address) else { continue }
                move(address, .back)
            } else if isFenced {
                move(address, .fenced(silentTo: object.status?.silentTo ?? []))
            } else if !held.contains(address) {
                move(address, .letGo)
            } else if !releasing.contains(address) {
                move(address, .toBeLetGo)
            }
        }
    }

    private mutating func move(_ address: IPAddress, _ reason: Reason) {
        addresses.remove(address)
        releasing.remove(address)
        if reason == .toBeLetGo { releasing.insert(address) }
        if reason == .back { addresses.insert(address) }
        reasons[address] = reason
    }

    mutating func give(_ address: IPAddress) {
        addresses.insert(address)
        reasons[address] = .given
    }

    /// What is to be written next so that each address comes to the node that is to have it.
    ///
    /// Nothing is given before it is nobody's: those who read this see the steps of one move one after another.
    ///
    /// - Parameter apiIsSilent: the nodes whose Lease was looked at after their object was read, and was old.
    package static func plan(
        _ objects: [EgressNode], wanted: [IPAddress: String], apiIsSilent: Set<String>
    ) -> [EgressMove] {
        let owned = objects.reduce(into: Set<IPAddress>()) { $0.formUnion($1.owned) }
        return objects.sorted { $0.key < $1.key }.compactMap { object in
            var move = EgressMove(object)
            let name = object.key.name
            move.take(wanted: wanted, apiIsSilent: apiIsSilent.contains(name))
            for (address, node) in wanted where node == name && !owned.contains(address) { move.give(address) }
            return move.isEmpty ? nil : move
        }
    }
}
