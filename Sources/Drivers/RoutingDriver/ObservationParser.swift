import CLinux
import LinkState
import LinuxSystem
import NetworkTypes

/// Reads the kernel's reports and keeps what is ours.
struct ObservationParser {
    /// All links of the namespace by index.
    let names: [UInt32: String]
    let owned: Set<UInt32>

    /// The kernel's marks on addresses that it made itself: loopback, by router advertisement, link-local.
    private static let kernelMade: ClosedRange<UInt8> = 1...3

    func address(_ payload: NetlinkView) -> LinkState.Address? {
        guard let header = payload.structure(ifaddrmsg.self), owned.contains(header.ifa_index),
            let device = names[header.ifa_index]
        else { return nil }
        let attributes = payload.attributes(after: ifaddrmsg.self)
        if let mark: UInt8 = attributes[IFA_PROTO]?.number(), Self.kernelMade.contains(mark) { return nil }
        // For a point-to-point address IFA_ADDRESS is the other end; IPv6 without one has no IFA_LOCAL.
        guard let address = (attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS])?.address else { return nil }
        return LinkState.Address(address, prefixLength: Int(header.ifa_prefixlen), device: device)
    }

    func route(_ payload: NetlinkView) -> LinkState.Route? {
        guard let header = payload.structure(rtmsg.self), header.rtm_protocol == LinkState.protocolNumber,
            let kind = LinkState.Route.Kind(rawValue: header.rtm_type),
            let family = Self.family(header.rtm_family)
        else { return nil }
        let attributes = payload.attributes(after: rtmsg.self)
        let address = attributes[RTA_DST.rawValue]?.address ?? IPAddress(family: family, bits: 0)
        guard let destination = CIDR(address, prefixLength: Int(header.rtm_dst_len)) else { return nil }
        var gateway = attributes[RTA_GATEWAY.rawValue]?.address
        var index: UInt32? = attributes[RTA_OIF.rawValue]?.number()
        var flags = header.rtm_flags
        // Of several next hops the first: we make routes with one, so whoever added more gets them replaced.
        if let hops = attributes[RTA_MULTIPATH.rawValue], let hop = hops.structure(rtnexthop.self) {
            index = UInt32(bitPattern: hop.rtnh_ifindex)
            flags = UInt32(hop.rtnh_flags)
            gateway = hops.prefix(Int(hop.rtnh_len)).attributes(after: rtnexthop.self)[RTA_GATEWAY.rawValue]?.address
        }
        return LinkState.Route(
            to: destination, kind: kind, via: gateway, isOnLink: flags & UInt32(RTNH_F_ONLINK) != 0,
            device: index.flatMap { names[$0] }, source: attributes[RTA_PREFSRC.rawValue]?.address,
            scope: LinkState.Route.Scope(rawValue: header.rtm_scope) ?? .universe,
            table: attributes[RTA_TABLE.rawValue]?.number() ?? UInt32(header.rtm_table),
            metric: attributes[RTA_PRIORITY.rawValue]?.number() ?? 0,
            mtu: attributes[RTA_METRICS.rawValue]?.attributes[RTAX_MTU]?.number())
    }

    func rule(_ payload: NetlinkView) -> LinkState.Rule? {
        guard let header = payload.structure(fib_rule_hdr.self), let family = Self.family(header.family) else {
            return nil
        }
        let attributes = payload.attributes(after: fib_rule_hdr.self)
        guard attributes[FRA_PROTOCOL]?.number(UInt8.self) == LinkState.protocolNumber else { return nil }
        let mark = attributes[FRA_FWMARK]?.number(UInt32.self).map {
            LinkState.Rule.Mark($0, mask: attributes[FRA_FWMASK]?.number() ?? .max)
        }
        return LinkState.Rule(
            family, priority: attributes[FRA_PRIORITY]?.number() ?? 0,
            from: attributes[FRA_SRC]?.address.flatMap { CIDR($0, prefixLength: Int(header.src_len)) },
            to: attributes[FRA_DST]?.address.flatMap { CIDR($0, prefixLength: Int(header.dst_len)) },
            mark: mark?.mask == 0 ? nil : mark, inputDevice: attributes[FRA_IIFNAME]?.text,
            table: attributes[FRA_TABLE]?.number() ?? UInt32(header.table))
    }

    func neighbour(_ payload: NetlinkView) -> LinkState.Neighbour? {
        guard let header = payload.structure(ndmsg.self), let device = names[UInt32(bitPattern: header.ndm_ifindex)]
        else {
            return nil
        }
        let attributes = payload.attributes(after: ndmsg.self)
        guard attributes[NDA_PROTOCOL]?.number(UInt8.self) == LinkState.protocolNumber,
            let address = attributes[NDA_DST]?.address, let mac = attributes[NDA_LLADDR]?.mac
        else { return nil }
        return LinkState.Neighbour(address, mac: mac, device: device)
    }

    func forwarding(_ payload: NetlinkView) -> LinkState.ForwardingEntry? {
        guard let header = payload.structure(ndmsg.self), header.ndm_flags & UInt8(NTF_SELF) != 0,
            let device = names[UInt32(bitPattern: header.ndm_ifindex)]
        else { return nil }
        let attributes = payload.attributes(after: ndmsg.self)
        guard let mac = attributes[NDA_LLADDR]?.mac, let destination = attributes[NDA_DST]?.address else { return nil }
        return LinkState.ForwardingEntry(mac, destination: destination, device: device)
    }

    private static func family(_ number: UInt8) -> IPAddress.Family? {
        switch number {
        case AddressFamily.v4: .v4
        case AddressFamily.v6: .v6
        default: nil
        }
    }
}
