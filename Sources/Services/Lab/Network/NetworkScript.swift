import NetworkTypes

/// What `ip -batch` and sysctls make in each namespace: the lab's wiring as text, in the order to apply it.
struct NetworkScript: Hashable {
    /// Lines of `ip -batch` for one namespace.
    struct Step: Hashable {
        let namespace: String
        let lines: [String]
    }

    private(set) var steps: [Step] = []
    private(set) var namespaces: [String] = []

    /// The underlay with its bridge, the router, the nodes and the outside hosts.
    init(_ name: LabName, _ topology: LabTopology) {
        let families: [IPAddress.Family] = topology.ipv6 ? [.v4, .v6] : [.v4]
        namespaces = [name.underlayNamespace, name.routerNamespace]
        namespaces += topology.nodes.map { name.nodeNamespace($0.name) }
        namespaces += topology.outside.map { name.outsideNamespace($0.name) }

        add(name.underlayNamespace, ["link add underlay type bridge", "link set underlay up mtu \(topology.mtu)"])
        plug(name.routerNamespace, into: name, port: "router", topology.routerAddresses, topology)
        for (index, node) in topology.nodes.enumerated() {
            let namespace = name.nodeNamespace(node.name)
            plug(namespace, into: name, port: "node\(index)", topology.addresses(ofNode: node.name), topology)
            add(namespace, topology.routerAddresses.map { "route add default via \($0)" })
        }
        for (index, host) in topology.outside.enumerated() {
            attach(host, to: name, port: "outside\(index)", families)
        }
    }

    private mutating func add(_ namespace: String, _ lines: [String]) {
        if !lines.isEmpty { steps.append(Step(namespace: namespace, lines: lines)) }
    }

    /// A machine's `eth0` on the underlay's bridge.
    private mutating func plug(
        _ namespace: String, into name: LabName, port: String, _ addresses: [IPAddress], _ topology: LabTopology
    ) {
        add(
            name.underlayNamespace,
            [
                "link add \(port) mtu \(topology.mtu) type veth peer name eth0 mtu \(topology.mtu) netns \(namespace)",
                "link set \(port) master underlay up",
            ])
        let own = addresses.map { address in
            let length = topology.underlayRange(address.family).prefixLength
            return "address add \(address)/\(length) dev eth0" + (address.family == .v6 ? " nodad" : "")
        }
        add(namespace, ["link set lo up", "link set eth0 up"] + own)
    }

    /// An outside host on a link of its own to the router: any address will do, wherever it lies.
    private mutating func attach(
        _ host: LabTopology.OutsideHost, to name: LabName, port: String, _ families: [IPAddress.Family]
    ) {
        let namespace = name.outsideNamespace(host.name)
        var router = ["link add \(port) type veth peer name eth0 netns \(namespace)", "link set \(port) up"]
        var own = ["link set lo up", "link set eth0 up"]
        if families.contains(.v4) {
            router.append("address add 169.254.1.1/32 dev \(port)")
            own.append("route add 169.254.1.1 dev eth0 scope link")
        }
        if families.contains(.v6) { router.append("address add fe80::1/64 dev \(port) nodad") }
        for address in host.addresses where families.contains(address.family) {
            let length = address.family.bitWidth
            router.append("route add \(address)/\(length) dev \(port)")
            own.append("address add \(address)/\(length) dev eth0" + (address.family == .v6 ? " nodad" : ""))
        }
        if families.contains(.v4) { own.append("route add default via 169.254.1.1 dev eth0") }
        if families.contains(.v6) { own.append("route add default via fe80::1 dev eth0") }
        add(name.routerNamespace, router)
        add(namespace, own)
    }
}
