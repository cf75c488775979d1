import CLinux
import LinkState
import LinuxSystem
import NetworkTypes

/// Requests about links.
///
/// They name the link, so that a link can be made and configured in one batch.
enum LinkMessages {
    static let createFlags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL

    /// Makes the link, down.
    ///
    /// `peerNamespace` is a descriptor that stays open until the request is sent.
    static func create(_ link: LinkState.Link, peerNamespace: Int32?) -> NetlinkMessage {
        var message = NetlinkMessage(
            type: RTM_NEWLINK, flags: createFlags, payload: NetlinkWriter(header: ifinfomsg()))
        message.payload.put(IFLA_IFNAME, text: link.name)
        if let mac = link.mac { message.payload.put(IFLA_ADDRESS, bytes: mac.bytes) }
        if let mtu = link.mtu { message.payload.put(IFLA_MTU, mtu) }
        message.payload.nest(IFLA_LINKINFO) { info in
            info.put(IFLA_INFO_KIND, text: link.kind.kernelName)
            switch link.kind {
            case .veth(let peer):
                if let peer, let peerNamespace { put(peer, mtu: link.mtu, namespace: peerNamespace, in: &info) }
            case .vxlan(let vxlan): info.nest(IFLA_INFO_DATA) { put(vxlan, in: &$0) }
            case .bridge, .other: break
            }
        }
        return message
    }

    private static func put(
        _ peer: LinkState.VethPeer, mtu: UInt32?, namespace: Int32, in info: inout NetlinkWriter
    ) {
        info.nest(IFLA_INFO_DATA) { data in
            data.nest(VETH_INFO_PEER) { end in
                end.append(ifinfomsg())
                end.put(IFLA_IFNAME, text: peer.name)
                if let mac = peer.mac { end.put(IFLA_ADDRESS, bytes: mac.bytes) }
                if let mtu { end.put(IFLA_MTU, mtu) }
                end.put(IFLA_NET_NS_FD, UInt32(bitPattern: namespace))
            }
        }
    }

    private static func put(_ vxlan: LinkState.VXLAN, in data: inout NetlinkWriter) {
        data.put(IFLA_VXLAN_ID, vxlan.id.value)
        data.put(IFLA_VXLAN_PORT, bigEndian: vxlan.port)
        data.put(IFLA_VXLAN_LEARNING, UInt8(vxlan.learning ? 1 : 0))
        guard let local = vxlan.local else { return }
        data.put(local.family == .v4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, bytes: local.bytes)
    }

    /// What is set after a link is made and before it is up; nil if there is nothing.
    ///
    /// `before` leaves out what is so already.
    static func configure(
        _ link: LinkState.Link, before: LinkState.Link?, bridgeIndex: UInt32?
    ) -> NetlinkMessage? {
        var message = NetlinkMessage(type: RTM_SETLINK, payload: NetlinkWriter(header: ifinfomsg()))
        message.payload.put(IFLA_IFNAME, text: link.name)
        let empty = message.payload.bytes.count
        if let before {
            if let mac = link.mac, mac != before.mac { message.payload.put(IFLA_ADDRESS, bytes: mac.bytes) }
            if let mtu = link.mtu, mtu != before.mtu { message.payload.put(IFLA_MTU, mtu) }
        }
        if let alias = link.alias, alias != before?.alias ?? "" {
            message.payload.put(IFLA_IFALIAS, bytes: Array(alias.utf8))
        }
        if let group = link.group, group != before?.group ?? 0 { message.payload.put(IFLA_GROUP, group) }
        if let bridgeIndex { message.payload.put(IFLA_MASTER, bridgeIndex) }
        if let mode = link.addressGeneration, mode != before?.addressGeneration {
            message.payload.nest(IFLA_AF_SPEC) { families in
                families.nest(AddressFamily.v6) { $0.put(IFLA_INET6_ADDR_GEN_MODE, mode.rawValue) }
            }
        }
        return message.payload.bytes.count == empty ? nil : message
    }

    static func state(_ name: String, up: Bool) -> NetlinkMessage {
        let flag = UInt32(1)  // IFF_UP, whose header collides with libc's
        let header = ifinfomsg(
            ifi_family: 0, __ifi_pad: 0, ifi_type: 0, ifi_index: 0, ifi_flags: up ? flag : 0, ifi_change: flag)
        var message = NetlinkMessage(type: RTM_SETLINK, payload: NetlinkWriter(header: header))
        message.payload.put(IFLA_IFNAME, text: name)
        return message
    }

    static func delete(_ name: String) -> NetlinkMessage {
        var message = NetlinkMessage(type: RTM_DELLINK, payload: NetlinkWriter(header: ifinfomsg()))
        message.payload.put(IFLA_IFNAME, text: name)
        return message
    }
}

/// Address families as the kernel numbers them.
enum AddressFamily {
    static let v4: UInt8 = 2
    static let v6: UInt8 = 10
    static let bridge: UInt8 = 7

    static func number(_ family: IPAddress.Family) -> UInt8 { family == .v4 ? v4 : v6 }
}

extension LinkState.Link.Kind {
    /// The kind as rtnetlink names it.
    var kernelName: String {
        switch self {
        case .veth: "veth"
        case .vxlan: "vxlan"
        case .bridge: "bridge"
        case .other(let name): name
        }
    }
}
