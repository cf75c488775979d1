import LinkState
import NodeModel

extension DatapathCompiler {
    mutating func linkPod(_ interface: String, _ state: NodeState, _ delta: inout DatapathDelta) {
        let links = state.pods[interface].map { LinkCompiler.pod($0.attachment, state) }
        guard links != podLinks[interface] else { return }
        podLinks[interface] = links
        delta.links = true
    }

    /// The topology's and every pod's part.
    ///
    /// Of several routes to one address the last interface's is taken.
    func assembledLinks() -> LinkState {
        var links = topologyLinks
        var routes: [LinkState.Route.Key: LinkState.Route] = [:]
        for (_, pod) in podLinks.sorted(by: { $0.key < $1.key }) {
            for route in pod.routes { routes[route.key] = route }
            links.neighbours.formUnion(pod.neighbours)
            links.settings.merge(pod.settings) { _, last in last }
        }
        links.routes.formUnion(routes.values)
        return links
    }
}
