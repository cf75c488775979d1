import LinkState
import NetworkTypes
import NodeModel

/// Links, routes, neighbours and settings: how packets find their way once the rules let them.
enum LinkCompiler {
    /// The overlay's network id: one overlay per cluster.
    static let networkID = VNID(1)
    /// After the kernel's local table (0), before its main table (32766).
    static let rulePriority: UInt32 = 7100
    /// Before it: a marked packet goes to no node but its holder.
    static let egressPriority: UInt32 = 7090

    /// The overlay and the ways to other nodes; empty while this node has no network.
    ///
    /// - Parameter egressHolders: the nodes by which selected pods leave the cluster, with their marks.
    static func topology(_ state: NodeState, egressHolders: [String: UInt32] = [:]) -> LinkState {
        var links = LinkState()
        guard let node = state.node, let endpoint = node.tunnelEndpoint, let id = networkID else { return links }
        addOverlay(node, endpoint, id, state.vxlanPort, &links)
        // Of two nodes with one address (a machine that came back under another name) the first has it.
        var taken = Set((node.hostAddresses.map(CIDR.init(host:))) + node.subnets)
        for remote in state.remoteNodes {
            addRemote(remote, node, endpoint, &taken, &links)
            if let mark = egressHolders[remote.name] { addHolder(remote, mark, ranges(state, node), state, &links) }
        }
        // A process of the node needs a way to an address before the rules lead it elsewhere. Nothing goes this way: what
        // is for a service's address and finds no service is refused.
        for range in state.serviceRanges where taken.insert(range).inserted {
            links.routes.insert(
                LinkState.Route(to: range, device: KernelNames.overlay, source: node.hostAddress(range.family)))
        }
        // The node's own subnets: an address that no pod has is unreachable here, not at the default gateway.
        for subnet in node.subnets {
            links.routes.insert(LinkState.Route(to: subnet, kind: .unreachable, device: nil, metric: 4096))
        }
        for range in ranges(state, node) {
            links.rules.insert(
                LinkState.Rule(
                    range.family, priority: rulePriority, from: range, table: LinkState.Route.overlayTable))
        }
        links.settings["net/ipv4/ip_forward"] = "1"
        // A packet in the middle of an unknown TCP connection fits none: else the answers of a connection that was
        // ended by a new policy would open it again from the other side.
        links.settings["net/netfilter/nf_conntrack_tcp_loose"] = "0"
        // The flow log's bytes, packets and times.
        links.settings["net/netfilter/nf_conntrack_acct"] = "1"
        links.settings["net/netfilter/nf_conntrack_timestamp"] = "1"
        if ranges(state, node).contains(where: { $0.family == .v6 }) {
            links.settings["net/ipv6/conf/all/forwarding"] = "1"
        }
        return links
    }

    /// Where pods' addresses may come from.
    private static func ranges(_ state: NodeState, _ node: NodeNetwork) -> [CIDR] {
        let own = node.subnets.filter { subnet in !state.clusterRanges.contains { $0.contains(subnet) } }
        return state.clusterRanges + own
    }

    private static func addOverlay(
        _ node: NodeNetwork, _ endpoint: IPAddress, _ id: VNID, _ port: UInt16, _ links: inout LinkState
    ) {
        let name = KernelNames.overlay
        links.add(
            LinkState.Link(
                name: name, kind: .vxlan(LinkState.VXLAN(id: id, port: port, local: endpoint)),
                mac: MACAddress(derivedFrom: endpoint), mtu: UInt32(clamping: node.podMTU),
                addressGeneration: LinkState.Link.AddressGeneration.none))
        trustSources(on: name, &links)
        letLoopbackOut(to: name, &links)
        links.settings["net/ipv4/conf/\(name)/accept_redirects"] = "0"
        links.settings["net/ipv4/conf/\(name)/send_redirects"] = "0"
        links.settings["net/ipv6/conf/\(name)/accept_ra"] = "0"
    }

    /// Each subnet's own first address serves as the gateway: nobody has it, and its permanent neighbour entry leads to
    /// the other node's overlay interface.
    ///
    /// The node's own addresses are reached the same way, for pods only (table 71).
    private static func addRemote(
        _ remote: RemoteNode, _ node: NodeNetwork, _ endpoint: IPAddress, _ taken: inout Set<CIDR>,
        _ links: inout LinkState
    ) {
        // The outer packets have one family; a node without an address of it cannot be reached through the overlay.
        guard let far = remote.tunnelEndpoint, let mac = remote.tunnelMAC, far.family == endpoint.family else { return }
        let name = KernelNames.overlay
        guard !remote.subnets.isEmpty else { return }
        links.forwarding.insert(LinkState.ForwardingEntry(mac, destination: far, device: name))
        for subnet in remote.subnets where taken.insert(subnet).inserted {
            links.neighbours.insert(LinkState.Neighbour(subnet.address, mac: mac, device: name))
            links.routes.insert(
                LinkState.Route(
                    to: subnet, via: subnet.address, isOnLink: true, device: name,
                    source: node.hostAddress(subnet.family)))
        }
        for address in remote.hostAddresses {
            guard let gateway = remote.subnets.first(where: { $0.family == address.family })?.address,
                taken.insert(CIDR(host: address)).inserted
            else { continue }
            links.routes.insert(
                LinkState.Route(
                    to: CIDR(host: address), via: gateway, isOnLink: true, device: name,
                    table: LinkState.Route.overlayTable))
        }
    }

    /// What has the holder's mark and comes from a pod goes to it: the mark is also the number of its table.
    ///
    /// The overlay's own packets inherit the mark of what is in them, and must not go back into it.
    private static func addHolder(
        _ remote: RemoteNode, _ mark: UInt32, _ pods: [CIDR], _ state: NodeState, _ links: inout LinkState
    ) {
        for family in IPAddress.Family.allCases {
            guard let gateway = state.overlayGateway(to: remote, family) else { continue }
            for range in pods where range.family == family {
                links.rules.insert(
                    LinkState.Rule(
                        family, priority: egressPriority, from: range, mark: LinkState.Rule.Mark(mark), table: mark))
            }
            links.routes.insert(
                LinkState.Route(
                    to: .everything(family), via: gateway, isOnLink: true, device: KernelNames.overlay, table: mark))
        }
    }

    /// The rules have judged the source before the packet is routed.
    ///
    /// The kernel's own check would cost every packet a second walk through the routing tables; it is off only where
    /// local sources are accepted, too (`fib_validate_source`).
    private static func trustSources(on interface: String, _ links: inout LinkState) {
        links.settings["net/ipv4/conf/\(interface)/rp_filter"] = "0"
        links.settings["net/ipv4/conf/\(interface)/accept_local"] = "1"
    }

    /// A process of the node that asks 127.0.0.1 for a node port is led to a pod before its source is translated.
    ///
    /// `guard_input` keeps everybody else out who would come in by the same door.
    private static func letLoopbackOut(to interface: String, _ links: inout LinkState) {
        links.settings["net/ipv4/conf/\(interface)/route_localnet"] = "1"
    }

    /// The host's side of one pod.
    static func pod(_ attachment: PodAttachment, _ state: NodeState) -> LinkState {
        var links = LinkState()
        let name = attachment.interface
        for address in attachment.addresses {
            links.routes.insert(
                LinkState.Route(
                    to: CIDR(host: address), device: name, source: state.node?.hostAddress(address.family)))
            links.neighbours.insert(LinkState.Neighbour(address, mac: attachment.mac, device: name))
        }
        let hasV6 = attachment.addresses.contains { $0.family == .v6 }
        trustSources(on: name, &links)
        letLoopbackOut(to: name, &links)
        links.settings["net/ipv4/conf/\(name)/proxy_arp"] = "0"
        links.settings["net/ipv4/conf/\(name)/accept_redirects"] = "0"
        links.settings["net/ipv4/conf/\(name)/send_redirects"] = "0"
        links.settings["net/ipv6/conf/\(name)/disable_ipv6"] = hasV6 ? "0" : "1"
        links.settings["net/ipv6/conf/\(name)/accept_ra"] = "0"
        links.settings["net/ipv6/conf/\(name)/accept_redirects"] = "0"
        BandwidthCompiler.addShaping(of: attachment, mtu: state.node?.podMTU ?? 1500, to: &links)
        return links
    }
}
