import ClusterAPI
import ConntrackDriver
import EgressNames
import NetworkTypes

extension Conntrack {
    /// Which pods have connections to which addresses.
    func uses(of clients: [IPAddress: ObjectKey]) throws -> Set<NameUse> {
        var uses: Set<NameUse> = []
        try visitEntries(rest: 1) { entry in
            guard let client = clients[entry.original.source] else { return }
            uses.insert(NameUse(client: client, address: entry.original.destination))
            // A service may lead outside.
            uses.insert(NameUse(client: client, address: entry.reply.source))
        }
        return uses
    }
}
