import CLinux
import LinkState
import LinuxSystem
import NetworkTypes

/// A link as the kernel reports it.
struct ObservedLink {
    let index: UInt32
    let link: LinkState.Link
    let masterIndex: UInt32?

    /// Nil for a message that is not about a link.
    init?(_ payload: NetlinkView) {
        guard let header = payload.structure(ifinfomsg.self) else { return nil }
        var name: String?
        var link = LinkState.Link(name: "", kind: .other(""), isUp: header.ifi_flags & 1 != 0)
        var master: UInt32?
        for (type, value) in payload.attributes(after: ifinfomsg.self) {
            switch Int(type) {
            case Int(IFLA_IFNAME): name = value.text
            case Int(IFLA_ADDRESS): link.mac = value.mac
            case Int(IFLA_MTU): link.mtu = value.number()
            case Int(IFLA_IFALIAS): link.alias = value.text
            case Int(IFLA_GROUP): link.group = value.number()
            case Int(IFLA_MASTER): master = value.number()
            case Int(IFLA_LINKINFO): link.kind = Self.kind(value)
            case Int(IFLA_AF_SPEC):
                let mode: UInt8? = value.attributes[AddressFamily.v6]?.attributes[IFLA_INET6_ADDR_GEN_MODE]?.number()
                link.addressGeneration = mode.flatMap(LinkState.Link.AddressGeneration.init)
            default: break
            }
        }
        guard let name else { return nil }
        link.name = name
        self.index = UInt32(bitPattern: header.ifi_index)
        self.link = link
        masterIndex = master
    }

    private static func kind(_ info: NetlinkView) -> LinkState.Link.Kind {
        switch info.attributes[IFLA_INFO_KIND]?.text {
        case "veth": return .veth()
        case "bridge": return .bridge
        case "vxlan":
            guard let data = info.attributes[IFLA_INFO_DATA]?.attributes,
                let id = data[IFLA_VXLAN_ID]?.number(UInt32.self).flatMap({ VNID($0) })
            else { return .other("vxlan") }
            let local = data[IFLA_VXLAN_LOCAL] ?? data[IFLA_VXLAN_LOCAL6]
            return .vxlan(
                LinkState.VXLAN(
                    id: id, port: data[IFLA_VXLAN_PORT]?.bigEndian(UInt16.self) ?? 0,
                    local: local.flatMap { IPAddress(bytes: $0.bytes) },
                    learning: data[IFLA_VXLAN_LEARNING]?.number(UInt8.self) == 1))
        case let name: return .other(name ?? "")
        }
    }
}

extension NetlinkView {
    /// Six bytes as an Ethernet address; nil for any other length.
    var mac: MACAddress? {
        guard count == 6 else { return nil }
        return MACAddress(bits: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Four or sixteen bytes as an IP address.
    var address: IPAddress? { IPAddress(bytes: bytes) }
}
