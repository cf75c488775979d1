import CLinux
package import LinkState
import LinuxSystem
package import NetworkTypes
import Synchronization

extension Rtnetlink {
    /// What is ours in the namespace now.
    ///
    /// Links by ownership and what is on them, shaping included; routes, rules and neighbours by protocol number 71 on any link (of
    /// `ours` not those of `namesTable`, which is another process's); of the kernel's settings those that are named (those that do not
    /// exist are left out).
    package func observe(
        _ ownership: LinkOwnership = .ours, settings keys: some Sequence<String> = []
    ) throws -> LinkState {
        var state = try socket.withLock { socket in try Self.observe(ownership, &socket) }
        let wanted = Array(keys)
        guard !wanted.isEmpty else { return state }
        let values = try withNetworkNamespace(namespace) {
            wanted.map { key in (key, try? Sysctl.read(key)) }
        }
        for (key, value) in values { state.settings[key] = value }
        return state
    }

    /// The addresses of all interfaces, but not loopback and link-local ones.
    package func localAddresses() throws -> Set<IPAddress> {
        let request = NetlinkMessage(type: RTM_GETADDR, payload: NetlinkWriter(header: ifaddrmsg()))
        let replies = try socket.withLock { socket in try socket.dump(request) }
        return Set(
            replies.compactMap { reply in
                let attributes = reply.payload.attributes(after: ifaddrmsg.self)
                // For a point-to-point address IFA_ADDRESS is the other end; IPv6 without one has no IFA_LOCAL.
                guard let address = (attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS])?.address,
                    !address.isLoopback, !address.isLinkLocal
                else { return nil }
                return address
            })
    }

    private static func observe(_ ownership: LinkOwnership, _ socket: inout NetlinkSocket) throws -> LinkState {
        var state = LinkState()
        var request = NetlinkMessage(type: RTM_GETLINK, payload: NetlinkWriter(header: ifinfomsg()))
        request.payload.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        let links = try socket.dump(request).compactMap { ObservedLink($0.payload) }
        let names = Dictionary(links.map { ($0.index, $0.link.name) }) { first, _ in first }
        let owned = links.filter { ownership.owns($0.link.name) }
        for found in owned {
            var link = found.link
            link.bridge = found.masterIndex.flatMap { names[$0] }
            state.add(link)
        }
        let parser = ObservationParser(names: names, owned: Set(owned.map(\.index)))

        let addresses = NetlinkMessage(type: RTM_GETADDR, payload: NetlinkWriter(header: ifaddrmsg()))
        state.addresses = Set(try socket.dump(addresses).compactMap { parser.address($0.payload) })
        for family in [AddressFamily.v4, AddressFamily.v6] {
            var routes = rtmsg()
            routes.rtm_family = family
            routes.rtm_protocol = LinkState.protocolNumber
            let ask = NetlinkMessage(type: RTM_GETROUTE, payload: NetlinkWriter(header: routes))
            state.routes.formUnion(try dumpFiltered(ask, &socket).compactMap { parser.route($0.payload) })
            var rules = fib_rule_hdr()
            rules.family = family
            let askRules = NetlinkMessage(type: RTM_GETRULE, payload: NetlinkWriter(header: rules))
            state.rules.formUnion(try socket.dump(askRules).compactMap { parser.rule($0.payload) })
            var neighbours = ndmsg()
            neighbours.ndm_family = family
            let askNeighbours = NetlinkMessage(type: RTM_GETNEIGH, payload: NetlinkWriter(header: neighbours))
            state.neighbours.formUnion(try socket.dump(askNeighbours).compactMap { parser.neighbour($0.payload) })
        }
        if ownership == .ours {
            state.routes = state.routes.filter { $0.table != LinkState.Route.namesTable }
            state.rules = state.rules.filter { $0.table != LinkState.Route.namesTable }
        }
        for found in owned {
            guard case .vxlan = found.link.kind else { continue }
            var entries = ndmsg()
            entries.ndm_family = AddressFamily.bridge
            entries.ndm_ifindex = Int32(bitPattern: found.index)
            let ask = NetlinkMessage(type: RTM_GETNEIGH, payload: NetlinkWriter(header: entries))
            state.forwarding.formUnion(try socket.dump(ask).compactMap { parser.forwarding($0.payload) })
        }
        try observeShaping(names.filter { ownership.owns($0.value) }, &state, &socket)
        return state
    }

    private static func observeShaping(
        _ names: [UInt32: String], _ state: inout LinkState, _ socket: inout NetlinkSocket
    ) throws {
        for reply in try socket.dump(ShapingMessages.queues) {
            if let shaper = ShapingMessages.shaper(reply.payload, names: names) { state.shapers.insert(shaper) }
            guard let index = ShapingMessages.filterStand(reply.payload), names[index] != nil else { continue }
            let filters = try socket.dump(ShapingMessages.filters(index: index))
            state.redirects.formUnion(filters.compactMap { ShapingMessages.redirect($0.payload, names: names) })
        }
    }

    /// A route dump; a table that does not exist yet is an empty one.
    private static func dumpFiltered(_ message: NetlinkMessage, _ socket: inout NetlinkSocket) throws -> [NetlinkReply]
    {
        do {
            return try socket.dump(message)
        } catch let error as NetlinkError where error.number == .notFound {
            return []
        }
    }
}
