import LinkState
import NetworkTypes
import NodeModel

extension DatapathCompiler {
    mutating func linkPod(_ interface: String, _ state: NodeState, _ delta: inout DatapathDelta) {
        let attachment = state.pods[interface]?.attachment
        let links = attachment.map { LinkCompiler.pod($0, state) }
        guard links != datapath.podLinks[interface] else { return }
        let destinations = (datapath.podLinks[interface]?.routes ?? []).union(links?.routes ?? []).map(\.destination)
        if destinations.contains(where: { !(holders[$0.address] ?? []).subtracting([interface]).isEmpty }) {
            delta.sharedAddresses = true
        }
        datapath.podLinks[interface] = links
        delta.podLinks.insert(interface)
    }
}
