package import NetworkTypes

extension LinkState {
    /// A network interface.
    ///
    /// A property that is nil is not ours to say: it is neither set nor compared.
    package struct Link: Hashable, Sendable {
        /// 1 to 15 bytes, without `/` and white space.
        package var name: String
        package var kind: Kind
        package var mac: MACAddress?
        package var mtu: UInt32?
        package var isUp: Bool
        /// Text for people, shown by `ip link` (at most 255 bytes).
        package var alias: String?
        /// The number by which links are handled together.
        package var group: UInt32?
        package var addressGeneration: AddressGeneration?
        /// The bridge that it is a port of.
        package var bridge: String?

        package enum Kind: Hashable, Sendable {
            /// Our end of a pair.
            ///
            /// The other end is needed to create the link and cannot be observed; without it the link can be adopted
            /// but not created.
            case veth(peer: VethPeer? = nil)
            case vxlan(VXLAN)
            case bridge
            /// A kind by the kernel's name for it, without parameters: `dummy`, `ifb`; empty for a physical device.
            case other(String)

            /// A link that only queues: what is led to it by a `Redirect` goes on where it was.
            package static let queue = Kind.other("ifb")
        }

        /// How the kernel makes the IPv6 link-local address of a link.
        package enum AddressGeneration: UInt8, Hashable, Sendable {
            case eui64 = 0
            case none = 1
            case stablePrivacy = 2
            case random = 3
        }

        package init(
            name: String, kind: Kind, mac: MACAddress? = nil, mtu: UInt32? = nil, isUp: Bool = true,
            alias: String? = nil, group: UInt32? = nil, addressGeneration: AddressGeneration? = nil,
            bridge: String? = nil
        ) {
            self.name = name
            self.kind = kind
            self.mac = mac
            self.mtu = mtu
            self.isUp = isUp
            self.alias = alias
            self.group = group
            self.addressGeneration = addressGeneration
            self.bridge = bridge
        }
    }

    /// The other end of a veth pair, in another namespace.
    package struct VethPeer: Hashable, Sendable {
        package var name: String
        /// A namespace file, such as `/run/netns/blue`.
        package var namespacePath: String
        package var mac: MACAddress?

        package init(name: String, namespacePath: String, mac: MACAddress? = nil) {
            self.name = name
            self.namespacePath = namespacePath
            self.mac = mac
        }
    }

    /// An overlay (RFC 7348) whose entries are written by us: it neither learns nor floods.
    package struct VXLAN: Hashable, Sendable {
        package var id: VNID
        package var port: UInt16
        /// The source of the outer packets; it decides between IPv4 and IPv6 below.
        package var local: IPAddress?
        package var learning: Bool

        package init(id: VNID, port: UInt16 = 4789, local: IPAddress? = nil, learning: Bool = false) {
            self.id = id
            self.port = port
            self.local = local
            self.learning = learning
        }
    }
}

extension LinkState.Link {
    /// True if this observed link is what `desired` says, as far as it says something.
    package func satisfies(_ desired: LinkState.Link) -> Bool {
        isOfSameMake(as: desired) && isUp == desired.isUp
            && (desired.mac == nil || mac == desired.mac) && (desired.mtu == nil || mtu == desired.mtu)
            && (desired.alias == nil || (alias ?? "") == desired.alias)
            && (desired.group == nil || group == desired.group)
            && (desired.addressGeneration == nil || addressGeneration == desired.addressGeneration)
            && (desired.bridge == nil || bridge == desired.bridge)
    }

    /// True if one can become the other without being made anew.
    package func isOfSameMake(as other: LinkState.Link) -> Bool {
        switch (kind, other.kind) {
        case (.veth, .veth), (.bridge, .bridge): true
        case (.vxlan(let left), .vxlan(let right)): left == right
        case (.other(let left), .other(let right)): left == right
        default: false
        }
    }
}
