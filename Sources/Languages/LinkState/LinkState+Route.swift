package import NetworkTypes

extension LinkState {
    /// A route of ours (protocol 71), in the form in which the kernel reports it.
    package struct Route: Hashable, Sendable {
        package enum Kind: UInt8, Hashable, Sendable {
            case unicast = 1
            case local = 2
            case blackhole = 6
            case unreachable = 7
            case prohibit = 8
        }

        /// `rtm_scope`; IPv6 knows only `universe`.
        package enum Scope: UInt8, Hashable, Sendable {
            case universe = 0
            case link = 253
            case host = 254
        }

        package var destination: CIDR
        package var kind: Kind
        package var gateway: IPAddress?
        /// The gateway is reachable on the device though no address of the device says so.
        package var isOnLink: Bool
        /// Nil only for routes that lead nowhere (blackhole, unreachable, prohibit).
        package var device: String?
        /// The source address of packets of this host that take the route.
        package var source: IPAddress?
        package var scope: Scope
        package var table: UInt32
        /// The lowest wins among routes to one destination.
        package var metric: UInt32
        package var mtu: UInt32?

        /// The main table.
        package static let mainTable: UInt32 = 254
        /// The table that `ip rule from <pod range>` leads to.
        package static let overlayTable: UInt32 = 71
        /// The table by which answers of name servers go to the process that learns from them: that process's, and not the agent's.
        package static let namesTable: UInt32 = 72

        /// `scope` nil is what `ip route` chooses: link without a gateway, universe with one.
        ///
        /// A metric of 0 is 1024 in IPv6, as the kernel has it.
        package init(
            to destination: CIDR, kind: Kind = .unicast, via gateway: IPAddress? = nil, isOnLink: Bool = false,
            device: String?, source: IPAddress? = nil, scope: Scope? = nil, table: UInt32 = Self.mainTable,
            metric: UInt32 = 0, mtu: UInt32? = nil
        ) {
            let isV6 = destination.family == .v6
            self.destination = destination
            self.kind = kind
            self.gateway = gateway
            self.isOnLink = gateway != nil && isOnLink
            self.device = kind == .unicast || kind == .local ? device : nil
            self.source = source
            self.scope = isV6 ? .universe : scope ?? Self.usualScope(kind, gateway)
            self.table = table
            self.metric = isV6 && metric == 0 ? 1024 : metric
            self.mtu = mtu
        }

        private static func usualScope(_ kind: Kind, _ gateway: IPAddress?) -> Scope {
            switch kind {
            case .unicast: gateway == nil ? .link : .universe
            case .local: .host
            case .blackhole, .unreachable, .prohibit: .universe
            }
        }

        /// What the kernel allows once.
        package struct Key: Hashable, Sendable {
            let table: UInt32
            let destination: CIDR
            let metric: UInt32
        }

        package var key: Key { Key(table: table, destination: destination, metric: metric) }
    }

    /// A rule of ours (protocol 71) that chooses a routing table.
    package struct Rule: Hashable, Sendable {
        package var family: IPAddress.Family
        /// Lower is asked first; 0 and 32766 upwards are the kernel's own.
        package var priority: UInt32
        package var from: CIDR?
        package var to: CIDR?
        package var mark: Mark?
        package var inputDevice: String?
        package var table: UInt32

        package struct Mark: Hashable, Sendable {
            package var value: UInt32
            package var mask: UInt32

            package init(_ value: UInt32, mask: UInt32 = .max) {
                self.value = value & mask
                self.mask = mask
            }
        }

        package init(
            _ family: IPAddress.Family, priority: UInt32, from: CIDR? = nil, to: CIDR? = nil, mark: Mark? = nil,
            inputDevice: String? = nil, table: UInt32
        ) {
            self.family = family
            self.priority = priority
            self.from = from?.prefixLength == 0 ? nil : from
            self.to = to?.prefixLength == 0 ? nil : to
            self.mark = mark
            self.inputDevice = inputDevice
            self.table = table
        }
    }
}

extension LinkState.Route: CustomStringConvertible {
    /// As `ip route` prints it.
    package var description: String {
        var words: [String] = kind == .unicast ? [] : ["\(kind)"]
        words.append("\(destination)")
        if let gateway { words += ["via", "\(gateway)"] }
        if let device { words += ["dev", device] }
        if let source { words += ["src", "\(source)"] }
        if table != Self.mainTable { words += ["table", "\(table)"] }
        if metric != (destination.family == .v6 ? 1024 : 0) { words += ["metric", "\(metric)"] }
        if let mtu { words += ["mtu", "\(mtu)"] }
        if isOnLink { words.append("onlink") }
        return words.joined(separator: " ")
    }
}

extension LinkState.Rule: CustomStringConvertible {
    /// As `ip rule` prints it.
    package var description: String {
        var words = ["\(priority):", "from", from.map { "\($0)" } ?? "all"]
        if let to { words += ["to", "\(to)"] }
        if let mark { words += ["fwmark", "0x\(String(mark.value, radix: 16))/0x\(String(mark.mask, radix: 16))"] }
        if let inputDevice { words += ["iif", inputDevice] }
        if family == .v6 { words.append("(IPv6)") }
        return (words + ["lookup", "\(table)"]).joined(separator: " ")
    }
}
