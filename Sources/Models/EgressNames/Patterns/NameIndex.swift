import NetworkTypes

/// Finds the selectors of a name, whatever their number: by the name's own ends.
struct NameIndex: Hashable, Sendable {
    let selectors: Set<NameSelector>
    private let byBase: [DomainName: [NameSelector]]

    init(_ selectors: Set<NameSelector> = []) {
        self.selectors = selectors
        byBase = Dictionary(grouping: selectors, by: \.pattern.base)
    }

    func matches(_ name: DomainName) -> Set<NameSelector> {
        guard !byBase.isEmpty else { return [] }
        var found: Set<NameSelector> = []
        var domain: DomainName? = name
        while let base = domain {
            for selector in byBase[base] ?? [] where selector.matches(name) { found.insert(selector) }
            domain = base.parent
        }
        return found
    }
}
