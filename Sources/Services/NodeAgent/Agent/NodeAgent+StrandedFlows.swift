import ConntrackDriver
import NetworkTypes
import NodeModel
import ServiceModel

extension NodeAgent {
    /// Flows of datagrams that a service no longer leads where they go.
    ///
    /// A client that goes on sending keeps its entry alive, and the kernel asks the rules for new entries only: without
    /// this it would never reach another endpoint. TCP connections end by themselves, and those of an endpoint that ends
    /// may finish.
    func strandedAmong(_ entries: ArraySlice<ConntrackEntry>, _ changed: Set<ServiceFrontend>) -> [ConntrackEntry] {
        guard !changed.isEmpty else { return [] }
        let udp = TransportProtocol.udp
        let hosts = Set(
            (model.state.node?.hostAddresses ?? []) + model.state.remoteNodes.flatMap(\.hostAddresses)
        ).union(localAddresses)
        return entries.filter { entry in
            let asked = entry.original.destination
            guard entry.original.ipProtocol == udp.number(asked.family), let port = entry.original.destinationPort
            else { return false }
            let own = ServiceFrontend(asked, udp, port)
            let nodePort = ServiceFrontend(.nodes(asked.family), udp, port)
            let frontend = changed.contains(own) ? own : nodePort
            guard changed.contains(frontend), frontend == own || hosts.contains(asked) else { return false }
            let answering = entry.reply.source
            let isTranslated = answering != asked || entry.reply.sourcePort != port
            guard let target = model.state.services[frontend], let backendPort = entry.reply.sourcePort else {
                return isTranslated
            }
            // At another node's address that node decides, unless this one has.
            if !isTranslated, frontend == nodePort, !localAddresses.contains(asked) { return false }
            return !target.backends.contains(ServiceBackend(answering, backendPort))
        }
    }
}
