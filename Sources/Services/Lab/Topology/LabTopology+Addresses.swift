package import NetworkTypes

extension LabTopology {
    /// The router's addresses on the underlay: the first of each range.
    package var routerAddresses: [IPAddress] { underlayAddresses(at: 1) }

    /// A node's addresses on the underlay, IPv4 first; empty for a node that the topology does not have.
    package func addresses(ofNode name: String) -> [IPAddress] {
        nodes.firstIndex { $0.name == name }.map { underlayAddresses(at: 11 + $0) } ?? []
    }

    private func underlayAddresses(at index: Int) -> [IPAddress] {
        let ranges = ipv6 ? [underlay, underlayV6] : [underlay]
        return ranges.compactMap { $0.address.advanced(by: UInt128(index)) }
    }

    /// The range of the underlay that an address lies in.
    package func underlayRange(_ family: IPAddress.Family) -> CIDR { family == .v4 ? underlay : underlayV6 }

    /// Refuses what cannot be built, naming the field.
    package func validate() throws {
        func refuse(_ text: String, _ remedy: String) throws -> Never {
            throw LabError("LabTopology: \(text)", remedy: remedy)
        }
        if nodes.isEmpty { try refuse("spec.nodes is empty", "Write at least one node, such as `- name: node-1`.") }
        if nodes.count > 200 { try refuse("spec.nodes has \(nodes.count) nodes", "A lab has at most 200.") }
        for names in [nodes.map(\.name), outside.map(\.name)] {
            if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
                try refuse("the name '\(twice)' is used twice", "Give each machine a name of its own.")
            }
            for name in names where !Self.isMachineName(name) {
                try refuse("'\(name)' cannot name a machine", "Use up to 40 lower-case letters, digits, '-' and '.'.")
            }
        }
        if underlay.family != .v4 || !(8...24).contains(underlay.prefixLength) {
            try refuse("spec.underlay \(underlay) is not an IPv4 range of /8 to /24", "For example 192.168.250.0/24.")
        }
        if underlayV6.family != .v6 || !(16...112).contains(underlayV6.prefixLength) {
            try refuse("spec.underlayV6 \(underlayV6) is not an IPv6 range of /16 to /112", "For example fd98::/64.")
        }
        if !(1280...9000).contains(mtu) { try refuse("spec.mtu \(mtu) is not within 1280…9000", "1500 is usual.") }
        for host in outside where host.addresses.isEmpty {
            try refuse("outside host '\(host.name)' has no address", "Write `addresses: [203.0.113.10]`.")
        }
    }

    private static func isMachineName(_ name: String) -> Bool {
        let isInner = { (byte: UInt8) in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
        }
        return (1...40).contains(name.utf8.count) && name.utf8.allSatisfy(isInner)
    }
}
