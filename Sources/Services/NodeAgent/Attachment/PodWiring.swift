import LinkState
package import RoutingDriver

/// The kernel's side of attaching: make a pod's veth pair, take it away, look whether it is as it was made.
package protocol PodWiring: Sendable {
    /// Makes the pair and configures the pod's end: addresses, gateway, neighbours, loopback.
    ///
    /// A leftover of the same name is replaced. On failure nothing of it remains.
    func connect(_ interface: PodInterface) async throws

    /// Removes the pair; a missing one is fine.
    func disconnect(hostInterface: String) async throws

    /// What differs from how `connect` left it, in words; empty when all is well.
    func faults(of interface: PodInterface) async throws -> [String]

    /// The pod interfaces of this node that exist now.
    func hostInterfaces() async throws -> Set<String>
}

/// The wiring of the namespace that the agent runs in, over one netlink socket.
package struct KernelPodWiring: PodWiring {
    private let routing: Rtnetlink

    package init(routing: Rtnetlink) { self.routing = routing }

    package func connect(_ interface: PodInterface) async throws { try routing.setUp(interface) }

    package func disconnect(hostInterface: String) async throws { try routing.deleteLink(named: hostInterface) }

    package func faults(of interface: PodInterface) async throws -> [String] {
        try routing.check(interface).map { "missing: \($0)" }
    }

    package func hostInterfaces() async throws -> Set<String> {
        // The overlay and the queues of pods have our prefix, too.
        Set(try routing.observe().links.values.filter { $0.kind == .veth() }.map(\.name))
    }
}
