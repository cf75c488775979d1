import ClusterAPI
import FailoverModel
import NetworkTypes

/// What this node says in a group's status, given what is said there already.
///
/// Nodes write the list together, each with the version that it read: a node says of itself that it took an address or let
/// it go, and never of another.
struct HeldAddresses {
    let node: String
    /// The addresses that are here, and since when.
    let held: [IPAddress: Timestamp]
    /// Those of them that a status has told of.
    let told: Set<IPAddress>

    func list(_ plan: FailoverGroupPlan, present: [HeldAddress]) -> [HeldAddress] {
        let known = Dictionary(present.map { ($0.address, $0) }) { first, _ in first }
        return plan.addresses.map { entry in
            let text = "\(entry.address)"
            return state(of: entry.address, now: known[text] ?? HeldAddress(address: text))
        }
    }

    private func state(of address: IPAddress, now entry: HeldAddress) -> HeldAddress {
        var entry = entry
        var others = Set(entry.alsoHeldBy ?? [])
        if let since = held[address] {
            others.remove(node)
            if entry.node != node {
                // Who takes it has it; who had it all along and still has it, has it besides.
                if told.contains(address), entry.node != nil {
                    others.insert(node)
                } else {
                    entry.node = node
                    entry.since = since.seconds
                    others = []
                }
            }
        } else {
            others.remove(node)
            if entry.node == node {
                entry.node = others.min()
                entry.since = nil
                others.remove(entry.node ?? "")
            }
        }
        entry.alsoHeldBy = others.isEmpty ? nil : others.sorted()
        return entry
    }
}

extension HeldAddress {
    var document: JSONValue {
        var document: JSONValue = ["address": .string(address)]
        if let node { document["node"] = .string(node) }
        if let since { document["since"] = .string(since) }
        if let alsoHeldBy { document["alsoHeldBy"] = .array(alsoHeldBy.map { .string($0) }) }
        return document
    }
}

extension ObjectCondition {
    /// Whether a group holds as it is written.
    init(_ plan: FailoverGroupPlan, at now: Timestamp) {
        self.init(
            "Ready", problems: plan.problems, reasons: ("Understood", "NotUnderstood"),
            fine: "the group holds as it is written", earlier: plan.group.status?.conditions,
            generation: plan.group.metadata.generation, at: now)
    }
}
