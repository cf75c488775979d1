import EgressNames
package import NetworkTypes
package import PolicyEngine

/// The names of hosts outside, cut into those that rules can tell apart.
///
/// What a rule says about a name depends on the selectors that the name fits. Below the last of its labels that any selector
/// mentions it only matters whether it has one label more or several, so three names for each mentioned one are all there is
/// to ask.
package struct OutsideNames: Sendable {
    /// Names that fit the same selectors, in one address family.
    package struct Group: Hashable, Sendable {
        package let name: OutsideName
        /// An address that no rule says more about than about everything: the pods were told that the names have it.
        package let representative: IPAddress
    }

    package let groups: [Group]

    /// Cut for all of these engines together, so that they can be compared.
    ///
    /// Names that fit no selector are left out: they are addresses like others.
    package init(of engines: [PolicyEngine], families: Set<IPAddress.Family>, beside blocks: OutsideBlocks) {
        let names = Self.names(Set(engines.flatMap { $0.nameSelectors.values }))
        var plain = PlainAddresses(engines, except: blocks.groups.map(\.representative))
        groups = families.sorted { $0.rawValue < $1.rawValue }.flatMap { family in
            names.compactMap { name in
                // Where rules name every address there is, a name has none that says nothing else.
                plain.next(family).map { Group(name: name, representative: $0) }
            }
        }
    }

    private static func names(_ selectors: Set<NameSelector>) -> [OutsideName] {
        let patterns = selectors.flatMap { [$0.pattern] + $0.exceptions }
        let bases = Set(patterns.map(\.base))
        let label = unusedLabel(bases)
        var found: [Set<NameSelector>: [NamePattern]] = [:]
        var examples: [Set<NameSelector>: DomainName] = [:]
        for base in bases.sorted(by: { order($0).lexicographicallyPrecedes(order($1)) }) {
            let child = base.prepending(label)
            for (pattern, example) in [
                (NamePattern(base), base), (NamePattern(base, .children), child),
                (NamePattern(base, .descendants), child?.prepending(label)),
            ] as [(NamePattern, DomainName?)] {
                guard let example else { continue }
                let fitting = selectors.filter { $0.matches(example) }
                if fitting.isEmpty { continue }
                found[fitting, default: []].append(pattern)
                examples[fitting] = examples[fitting] ?? example
            }
        }
        return found.compactMap { fitting, patterns in
            examples[fitting].map { OutsideName(words: words(patterns), example: $0) }
        }.sorted { $0.words < $1.words }
    }

    /// Those names first that have fewer labels.
    private static func order(_ name: DomainName) -> [String] {
        [String(1_000 + name.labels.count), name.description.lowercased()]
    }

    /// No part of a name that anybody mentions.
    private static func unusedLabel(_ bases: Set<DomainName>) -> String {
        let used = Set(bases.flatMap { $0.labels.map { String(decoding: $0, as: UTF8.self).lowercased() } })
        var number = 0
        while used.contains("any\(number)") { number += 1 }
        return "any\(number)"
    }

    /// The widest pattern, and others that are not below it.
    private static func words(_ patterns: [NamePattern]) -> String {
        let names = patterns.reduce(into: [NamePattern]()) { kept, next in
            kept.removeAll { $0.base == next.base && next.reach == .descendants && $0.reach == .children }
            let isCovered = kept.contains { wide in
                wide.reach == .descendants && next.base != wide.base && next.base.isWithin(wide.base)
            }
            if !isCovered { kept.append(next) }
        }
        let shown = names.prefix(3).map { "dns:" + $0.description.lowercased().dropLast() }.joined(separator: ", ")
        return shown + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}

/// What is outside of the cluster, cut into what rules can tell apart.
package struct OutsideParties: Sendable {
    package let blocks: OutsideBlocks
    package let names: OutsideNames

    /// Cut for all of these engines together, so that they can be compared.
    package init(of engines: [PolicyEngine], families: Set<IPAddress.Family>) {
        blocks = OutsideBlocks(of: engines, families: families)
        names = OutsideNames(of: engines, families: families, beside: blocks)
    }
}

/// Addresses outside, one after the other, about which no rule of any of these engines says more than about everything.
private struct PlainAddresses {
    private let engines: [PolicyEngine]
    private let others: [CIDR]
    /// What comes next is not below.
    private var floors: [IPAddress.Family: IPAddress] = [:]

    init(_ engines: [PolicyEngine], except others: [IPAddress]) {
        self.engines = engines
        self.others = others.map { CIDR(host: $0) }
    }

    /// Each engine says its first from the floor on; when they differ, the highest is the next floor.
    mutating func next(_ family: IPAddress.Family) -> IPAddress? {
        var floor = floors[family]
        while true {
            let passed = others + (floor.map(Self.below) ?? [])
            let found = engines.map { $0.plainAddress(family, except: passed) }
            guard !found.contains(nil), let highest = found.compactMap(\.self).max() else { return nil }
            if found.allSatisfy({ $0 == highest }), let next = highest.advanced(by: 1) {
                floors[family] = next
                return highest
            }
            if floor == highest { return nil }
            floor = highest
        }
    }

    /// All addresses of the family that are less.
    private static func below(_ address: IPAddress) -> [CIDR] {
        let width = address.family.bitWidth
        return (1...width).compactMap { length in
            let bit = UInt128(1) << UInt128(width - length)
            guard address.bits & bit != 0 else { return nil }
            return CIDR(IPAddress(family: address.family, bits: address.bits & ~bit), prefixLength: length)
        }
    }
}
