import ClusterAPI
import EgressAddressModel
import NetworkTypes

/// A controller of the simulation; there may be several at a time, none of which knows of the others.
struct SimulatedController {
    var isRunning = true
    var isBusy = false
    /// Counts its turns: an answer to an earlier one is none.
    var turn = 0
    var silence = LeaseSilence()
    var objects: [EgressNode] = []
    var silentLeases: Set<String> = []
    var toAsk: [String] = []

    /// Where each address is to be: where it is, if that is well and not drained, else with who has fewest.
    func wanted(_ addresses: [IPAddress], drained: Set<String>) -> [IPAddress: String] {
        let lost = Set(
            objects.filter {
                $0.isFenced(apiIsSilent: silentLeases.contains($0.key.name)) && $0.status?.witnesses != nil
                    || $0.status?.networks == nil
            }.map(\.key.name))
        let able = objects.map(\.key.name).filter { !lost.contains($0) && !drained.contains($0) }.sorted()
        var owners: [IPAddress: String] = [:]
        for object in objects { for address in object.assigned { owners[address] = object.key.name } }
        var loads = Dictionary(grouping: owners.values.filter(able.contains)) { $0 }.mapValues(\.count)
        var wanted: [IPAddress: String] = [:]
        for address in addresses {
            if let owner = owners[address], able.contains(owner) || !lost.contains(owner) && able.isEmpty {
                wanted[address] = owner
            } else if let best = able.min(by: { (loads[$0] ?? 0, $0) < (loads[$1] ?? 0, $1) }) {
                wanted[address] = best
                loads[best, default: 0] += 1
            } else if let owner = owners[address] {
                wanted[address] = owner
            }
        }
        return wanted
    }
}
