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
    /// Interfaces of ours that are no pod's.
    private let excluded: Set<String>

    /// - Parameter excluded: names with our prefix that do not lead to pods, such as the overlay's.
    package init(routing: Rtnetlink, excluded: Set<String>) {
        self.routing = routing
        self.excluded = excluded
    }

    package func connect(_ interface: PodInterface) async throws { try routing.setUp(interface) }

    package func disconnect(hostInterface: String) async throws { try routing.deleteLink(named: hostInterface) }

    package func faults(of interface: PodInterface) async throws -> [String] {
        try routing.check(interface).map { "missing: \($0)" }
    }

    package func hostInterfaces() async throws -> Set<String> {
        Set(try routing.observe().links.keys).subtracting(excluded)
    }
}
