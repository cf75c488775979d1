import CLinux
import LinkState
import LinuxSystem
import NetworkTypes

/// Requests about addresses, routes, rules, neighbours and forwarding entries.
enum RouteMessages {
    static func address(_ address: LinkState.Address, index: UInt32, add: Bool) -> NetlinkMessage {
        let header = ifaddrmsg(
            ifa_family: AddressFamily.number(address.address.family), ifa_prefixlen: UInt8(address.prefixLength),
            ifa_flags: UInt8(IFA_F_NODAD), ifa_scope: 0, ifa_index: index)
        var message = NetlinkMessage(
            type: add ? RTM_NEWADDR : RTM_DELADDR, flags: add ? LinkMessages.createFlags : NLM_F_REQUEST,
            payload: NetlinkWriter(header: header))
        message.payload.put(IFA_LOCAL, bytes: address.address.bytes)
        message.payload.put(IFA_ADDRESS, bytes: address.address.bytes)
        if add { message.payload.put(IFA_PROTO, LinkState.protocolNumber) }
        return message
    }

    enum RouteAction {
        case add, replace, remove
    }

    static func route(_ route: LinkState.Route, index: UInt32?, _ action: RouteAction) -> NetlinkMessage {
        var header = rtmsg()
        header.rtm_family = AddressFamily.number(route.destination.family)
        header.rtm_dst_len = UInt8(route.destination.prefixLength)
        header.rtm_table = route.table < 256 ? UInt8(route.table) : UInt8(RT_TABLE_COMPAT.rawValue)
        header.rtm_protocol = LinkState.protocolNumber
        header.rtm_type = route.kind.rawValue
        // Nowhere: the kernel then removes whatever the scope.
        header.rtm_scope = action == .remove ? UInt8(RT_SCOPE_NOWHERE.rawValue) : route.scope.rawValue
        header.rtm_flags = route.isOnLink ? UInt32(RTNH_F_ONLINK) : 0
        let flags =
            switch action {
            case .add: LinkMessages.createFlags
            case .replace: NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE
            case .remove: NLM_F_REQUEST
            }
        var message = NetlinkMessage(
            type: action == .remove ? RTM_DELROUTE : RTM_NEWROUTE, flags: flags, payload: NetlinkWriter(header: header))
        message.payload.put(RTA_DST.rawValue, bytes: route.destination.address.bytes)
        message.payload.put(RTA_TABLE.rawValue, route.table)
        if route.metric != 0 { message.payload.put(RTA_PRIORITY.rawValue, route.metric) }
        if let gateway = route.gateway { message.payload.put(RTA_GATEWAY.rawValue, bytes: gateway.bytes) }
        if let index { message.payload.put(RTA_OIF.rawValue, index) }
        if action == .remove { return message }
        if let source = route.source { message.payload.put(RTA_PREFSRC.rawValue, bytes: source.bytes) }
        if let mtu = route.mtu { message.payload.nest(RTA_METRICS.rawValue) { $0.put(RTAX_MTU, mtu) } }
        return message
    }

    static func rule(_ rule: LinkState.Rule, add: Bool) -> NetlinkMessage {
        var header = fib_rule_hdr()
        header.family = AddressFamily.number(rule.family)
        header.dst_len = UInt8(rule.to?.prefixLength ?? 0)
        header.src_len = UInt8(rule.from?.prefixLength ?? 0)
        header.table = rule.table < 256 ? UInt8(rule.table) : UInt8(RT_TABLE_COMPAT.rawValue)
        header.action = UInt8(FR_ACT_TO_TBL)
        var message = NetlinkMessage(
            type: add ? RTM_NEWRULE : RTM_DELRULE, flags: add ? LinkMessages.createFlags : NLM_F_REQUEST,
            payload: NetlinkWriter(header: header))
        message.payload.put(FRA_TABLE, rule.table)
        message.payload.put(FRA_PRIORITY, rule.priority)
        message.payload.put(FRA_PROTOCOL, LinkState.protocolNumber)
        if let from = rule.from { message.payload.put(FRA_SRC, bytes: from.address.bytes) }
        if let to = rule.to { message.payload.put(FRA_DST, bytes: to.address.bytes) }
        if let mark = rule.mark {
            message.payload.put(FRA_FWMARK, mark.value)
            message.payload.put(FRA_FWMASK, mark.mask)
        }
        if let device = rule.inputDevice { message.payload.put(FRA_IIFNAME, text: device) }
        return message
    }

    static func neighbour(_ neighbour: LinkState.Neighbour, index: UInt32, add: Bool) -> NetlinkMessage {
        var header = ndmsg()
        header.ndm_family = AddressFamily.number(neighbour.address.family)
        header.ndm_ifindex = Int32(bitPattern: index)
        header.ndm_state = UInt16(NUD_PERMANENT)
        var message = NetlinkMessage(
            type: add ? RTM_NEWNEIGH : RTM_DELNEIGH,
            flags: add ? NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE : NLM_F_REQUEST,
            payload: NetlinkWriter(header: header))
        message.payload.put(NDA_DST, bytes: neighbour.address.bytes)
        guard add else { return message }
        message.payload.put(NDA_LLADDR, bytes: neighbour.mac.bytes)
        message.payload.put(NDA_PROTOCOL, LinkState.protocolNumber)
        return message
    }

    static func forwarding(_ entry: LinkState.ForwardingEntry, index: UInt32, add: Bool) -> NetlinkMessage {
        var header = ndmsg()
        header.ndm_family = AddressFamily.bridge
        header.ndm_ifindex = Int32(bitPattern: index)
        header.ndm_state = UInt16(NUD_PERMANENT | NUD_NOARP)
        header.ndm_flags = UInt8(NTF_SELF)
        // Frames without an entry of their own go to all entries of the zero address: those are added up.
        let how = entry.mac.bits == 0 ? NLM_F_APPEND : NLM_F_REPLACE
        var message = NetlinkMessage(
            type: add ? RTM_NEWNEIGH : RTM_DELNEIGH, flags: add ? NLM_F_REQUEST | NLM_F_CREATE | how : NLM_F_REQUEST,
            payload: NetlinkWriter(header: header))
        message.payload.put(NDA_LLADDR, bytes: entry.mac.bytes)
        message.payload.put(NDA_DST, bytes: entry.destination.bytes)
        return message
    }
}
