import ConntrackDriver
import DatapathCompiler
import NetworkTypes
import NodeModel
import ServiceModel

extension NodeAgent {
    /// Flows of datagrams that a service no longer leads where they go, and connections of those that it no longer lets in.
    ///
    /// A client that goes on sending keeps its entry alive, and the kernel asks the rules for new entries only: without
    /// this it would never reach another endpoint. TCP connections end by themselves, and those of an endpoint that ends
    /// may finish.
    func strandedAmong(_ entries: ArraySlice<ConntrackEntry>, _ changed: Set<ServiceFrontend>) -> [ConntrackEntry] {
        guard !changed.isEmpty else { return [] }
        let hosts = nodePortAddresses
        return entries.filter { entry in
            let doors = doors(of: entry, hosts)
            guard doors.contains(where: changed.contains) else { return false }
            let services = model.state.services
            guard let door = doors.first(where: { services[$0] != nil }), let target = services[door] else {
                return doors.contains { $0.transport == .udp } && isTranslated(entry)
            }
            if let ranges = target.sourceRanges, !ranges.contains(where: { $0.contains(entry.original.source) }) {
                return true
            }
            guard door.transport == .udp, let port = entry.reply.sourcePort else { return false }
            // At another node's address that node decides, unless this one has.
            let asked = entry.original.destination
            if case .nodes = door.place, !isTranslated(entry), !localAddresses.contains(asked), !asked.isLoopback {
                return false
            }
            return !target.backends.contains(ServiceBackend(entry.reply.source, port))
        }
    }

    /// The frontends that may have led a connection, in the order in which the rules ask for them.
    private func doors(of entry: ConntrackEntry, _ hosts: Set<IPAddress>) -> [ServiceFrontend] {
        let asked = entry.original.destination
        let number = entry.original.ipProtocol
        guard let port = entry.original.destinationPort,
            let transport = TransportProtocol.allCases.first(where: {
                $0.hasPorts && $0.number(asked.family) == number
            })
        else { return [] }
        let client = entry.original.source
        let isInside = compiler.holds(client) || localAddresses.contains(client) || client.isLoopback
        let isNode = hosts.contains(asked) || asked.isLoopback
        return (isInside ? [ServiceFrontend(.inside(asked), transport, port)] : [])
            + [ServiceFrontend(asked, transport, port)]
            + (isNode ? [ServiceFrontend(.nodes(asked.family), transport, port)] : [])
    }

    private var nodePortAddresses: Set<IPAddress> {
        let hosts = (model.state.node?.hostAddresses ?? []) + model.state.remoteNodes.flatMap(\.hostAddresses)
        let ranges = model.state.nodePortRanges
        return Set(hosts).union(localAddresses).filter { host in
            ranges.isEmpty || ranges.contains { $0.contains(host) }
        }
    }

    private func isTranslated(_ entry: ConntrackEntry) -> Bool {
        entry.reply.source != entry.original.destination || entry.reply.sourcePort != entry.original.destinationPort
    }
}
