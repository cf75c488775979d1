import LinkState
import NetworkTypes
import TestRandom

extension SeededGenerator {
    mutating func chance() -> Bool { Bool.random(using: &self) }

    mutating func number(_ range: ClosedRange<UInt32>) -> UInt32 { UInt32.random(in: range, using: &self) }

    mutating func address() -> IPAddress {
        let low = UInt128(number(1...6))
        return chance()
            ? IPAddress(v4: 0x0A01_0000 | UInt32(low)) : IPAddress(family: .v6, bits: UInt128(0xFD00) << 112 | low)
    }
}

extension LinkState {
    /// A state that a kernel can have: every link with what is on it, routes, rules and settings.
    static func random(_ random: inout SeededGenerator) -> LinkState {
        var state = LinkState()
        for number in 0..<5 where random.chance() { state.add(.random(number, &random)) }
        for link in state.links.values.sorted(by: { $0.name < $1.name }) { state.furnish(link, &random) }
        state.shape(&random)
        for kind in [Route.Kind.blackhole, .unreachable, .prohibit] {
            state.put(Route(to: CIDR(host: random.address()), kind: kind, device: nil, table: .table(&random, 71...74)))
        }
        for _ in 0..<3 {
            let from = random.address()
            state.rules.insert(
                Rule(
                    from.family, priority: random.number(100...103), from: random.chance() ? CIDR(host: from) : nil,
                    to: random.chance() ? .some(CIDR(host: from)) : nil,
                    mark: random.chance() ? Rule.Mark(1, mask: 0xFF) : nil,
                    inputDevice: random.chance() ? "lo" : nil, table: .table(&random, 71...300)))
        }
        state.settings["net/ipv4/ip_forward"] = random.chance() ? "1" : "0"
        return state
    }

    private mutating func shape(_ random: inout SeededGenerator) {
        let devices = links.keys.sorted()
        for device in devices where random.chance() {
            let rate: UInt64 = random.chance() ? 125 : 6_000_000_000
            shapers.insert(Shaper(device: device, rate: rate, burst: UInt64(random.number(2000...2002))))
            redirects.insert(Redirect(from: device, to: devices.randomElement(using: &random)))
        }
    }

    private mutating func furnish(_ link: Link, _ random: inout SeededGenerator) {
        for _ in 0..<3 { addresses.insert(Address(random.address(), device: link.name)) }
        for _ in 0..<4 {
            let destination = random.address()
            let source = addresses.filter { $0.device == link.name && $0.address.family == destination.family }.map(
                \.address)
            put(
                Route(
                    to: CIDR(destination, prefixLength: destination.family.bitWidth - 8) ?? CIDR(host: destination),
                    via: random.chance() ? Self.gateway(destination.family) : nil, isOnLink: true, device: link.name,
                    source: random.chance() ? source.min() : nil, table: .table(&random, 71...300),
                    metric: random.number(0...2), mtu: random.chance() ? random.number(1300...1302) : nil))
        }
        let neighbour = Neighbour(
            random.address(), mac: MACAddress(bits: UInt64(random.number(2...4))), device: link.name)
        neighbours.insert(neighbour)
        guard case .vxlan = link.kind else { return }
        for mac in 0..<3 {
            let destination = IPAddress(v4: random.number(0xC000_0201...0xC000_0203))
            forwarding.insert(
                ForwardingEntry(MACAddress(bits: UInt64(mac) * 2), destination: destination, device: link.name))
        }
    }

    private static func gateway(_ family: IPAddress.Family) -> IPAddress {
        family == .v4 ? IPAddress(v4: 0xA9FE_0101) : IPAddress(family: .v6, bits: UInt128(0xFE80) << 112 | 1)
    }

    private mutating func put(_ route: Route) {
        if !routes.contains(where: { $0.key == route.key }) { routes.insert(route) }
    }
}

extension LinkState.Link {
    fileprivate static func random(_ number: Int, _ random: inout SeededGenerator) -> LinkState.Link {
        let id = VNID(UInt32(number)) ?? .global
        let kinds: [Kind] = [
            .bridge,
            .vxlan(LinkState.VXLAN(id: id, local: random.chance() ? IPAddress(v4: 0x7F00_0001) : nil)),
        ]
        return LinkState.Link(
            name: "gab\(number)", kind: kinds[Int(random.number(0...1))],
            mac: MACAddress(bits: 0x0200_0000_0000 | UInt64(random.number(1...9))), mtu: random.number(1400...1402),
            alias: random.chance() ? "pod ns/\(number)" : "", group: random.number(0...2),
            addressGeneration: LinkState.Link.AddressGeneration.none)
    }
}

extension UInt32 {
    /// A routing table, but for the one of the process that learns names, which is not looked at.
    fileprivate static func table(_ random: inout SeededGenerator, _ range: ClosedRange<UInt32>) -> UInt32 {
        let table: UInt32 = random.number(range)
        return table == LinkState.Route.namesTable ? LinkState.Route.overlayTable : table
    }
}
