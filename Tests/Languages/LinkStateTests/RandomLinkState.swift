import LinkState
import NetworkTypes
import TestRandom

extension LinkState {
    /// A small state in which everything refers to links of its own.
    ///
    /// Settings are the same in all, as plans leave alone what is not named.
    static func random(_ random: inout SeededGenerator) -> LinkState {
        var state = LinkState()
        for number in 0..<4 where Bool.random(using: &random) {
            let kind: Link.Kind =
                Bool.random(using: &random)
                ? .bridge : .vxlan(VXLAN(id: VNID(UInt32.random(in: 0..<2, using: &random)) ?? .global, port: 4789))
            state.add(
                Link(
                    name: "gab\(number)", kind: kind, mac: MACAddress(bits: 2),
                    mtu: UInt32.random(in: 1400...1401, using: &random),
                    isUp: true, alias: "a", group: 0, addressGeneration: Link.AddressGeneration.none))
        }
        for device in state.links.keys.sorted() {
            for _ in 0..<3 {
                let address = IPAddress.randomSmall(&random)
                state.addresses.insert(Address(address, device: device))
                state.put(
                    Neighbour(
                        .randomSmall(&random), mac: MACAddress(bits: .random(in: 1...2, using: &random)), device: device
                    ))
                state.put(
                    ForwardingEntry(
                        MACAddress(bits: .random(in: 0...2, using: &random)), destination: .randomSmall(&random),
                        device: device))
                let route = Route(
                    to: CIDR(host: .randomSmall(&random)), device: device, table: Bool.random(using: &random) ? 71 : 73)
                if !state.routes.contains(where: { $0.key == route.key }) { state.routes.insert(route) }
            }
        }
        let devices = state.links.keys.sorted()
        for device in devices where Bool.random(using: &random) {
            state.shapers.insert(
                Shaper(device: device, rate: .random(in: 1...2, using: &random), depth: 1, limit: 1))
            state.redirects.insert(Redirect(from: device, to: devices.randomElement(using: &random)))
        }
        for _ in 0..<2 {
            let from = IPAddress.randomSmall(&random)
            state.rules.insert(
                Rule(from.family, priority: .random(in: 1...3, using: &random), from: CIDR(host: from), table: 71))
        }
        state.settings = ["net/ipv4/ip_forward": "1"]
        return state
    }

    private mutating func put(_ neighbour: Neighbour) {
        guard !neighbours.contains(where: { ($0.device, $0.address) == (neighbour.device, neighbour.address) }) else {
            return
        }
        neighbours.insert(neighbour)
    }

    private mutating func put(_ entry: ForwardingEntry) {
        guard entry.mac.bits == 0 || !forwarding.contains(where: { ($0.device, $0.mac) == (entry.device, entry.mac) })
        else {
            return
        }
        forwarding.insert(entry)
    }
}

extension IPAddress {
    fileprivate static func randomSmall(_ random: inout SeededGenerator) -> IPAddress {
        let low = UInt128.random(in: 1...4, using: &random)
        return Bool.random(using: &random)
            ? IPAddress(v4: 0x0A01_0000 | UInt32(low)) : IPAddress(family: .v6, bits: UInt128(0xFD00) << 112 | low)
    }
}
