package import LinkState
import LinuxSystem
import NetworkTypes

extension Rtnetlink {
    /// Makes the pair and configures the pod's end; the node's end gets no route yet.
    ///
    /// `self` is the node's namespace.
    ///
    /// A node's end of the same name that an earlier try left behind is replaced. On failure nothing is left.
    package func setUp(_ pod: PodInterface) throws {
        let inside = try Rtnetlink(in: .path(pod.namespacePath))
        do {
            try apply([.createLink(pod.hostLink)])
        } catch let error as RoutingError where error.refusal?.number == .exists {
            guard try deleteLink(named: pod.hostName) else { throw error }
            try apply([.createLink(pod.hostLink)])
        }
        do {
            try inside.bringUp("lo")
            let made = LinkState.Link(name: pod.podName, kind: .veth(), mac: pod.podMAC, mtu: pod.mtu, isUp: false)
            var fresh = LinkState()
            fresh.add(made)
            try inside.apply(LinkState.plan(from: fresh, to: pod.podState))
        } catch {
            try deleteLink(named: pod.hostName)
            throw error
        }
    }

    /// What differs between the pair as it is and as it should be; empty when all is well.
    package func check(_ pod: PodInterface) throws -> [LinkChange] {
        var inside = try Rtnetlink(in: .path(pod.namespacePath)).observe(.named([pod.podName]))
        // What is on the pod's other interfaces is not this pair's.
        inside.routes = inside.routes.filter { $0.device == pod.podName }
        inside.neighbours = inside.neighbours.filter { $0.device == pod.podName }
        let outside = try observe(.named([pod.hostName]))
        var host = LinkState()
        host.add(pod.hostLink)
        var found = LinkState()
        found.links = outside.links
        return LinkState.plan(from: found, to: host) + LinkState.plan(from: inside, to: pod.podState)
    }
}
