import NetworkTypes
import PolicyEngine

/// The ports that the rules of a tier name, cut into disjoint ranges, each with the rules that are about it.
struct TierPortClasses {
    /// The rules by their place, ascending: those that name the ports, and those that ask for none.
    private(set) var ranges: [(transport: TransportProtocol, range: PortRange, rules: [Int])] = []

    init(_ rules: [ResolvedRule]) {
        let always = rules.indices.filter { rules[$0].asksNoPort }
        for transport in TransportProtocol.allCases where transport.hasPorts {
            var sweep = PortSweep(count: rules.count)
            for (index, rule) in rules.enumerated() {
                guard case .ports(let matches) = rule.ports else { continue }
                for match in matches where match.transport == transport { sweep.add(index, match.range) }
            }
            let segments = sweep.segments { active in
                var all = active
                for index in always { all.set(index, true) }
                return all
            }
            for (range, numbers) in segments { ranges.append((transport, range, numbers.numbers)) }
        }
    }
}
