package import ClusterAPI
package import NetworkTypes

/// What another process has learned, as one who reads its journal knows it.
///
/// Unlike `LearnedNames` it neither judges nor ends anything, and keeps what is about pods and names that nothing mentions at this
/// moment: the journal says when it is over.
package struct FollowedNames: Sendable {
    private var entries: [ObjectKey: [DomainName: Set<IPAddress>]] = [:]
    private var clients: [ObjectKey: NameIndex] = [:]
    private var reasons: [NameSelector: [IPAddress: Int]] = [:]

    package init() {}

    /// The addresses of each selector that has any.
    package var contents: [NameSelector: Set<IPAddress>] { reasons.mapValues { Set($0.keys) } }

    /// The names that a pod was told an address of, sorted.
    package func names(of address: IPAddress, toldTo client: ObjectKey) -> [DomainName] {
        (entries[client] ?? [:]).filter { $0.value.contains(address) }.keys
            .map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Which names the policies of a pod mention now.
    package mutating func mention(_ selectors: Set<NameSelector>, by client: ObjectKey) -> NameSetDelta {
        var delta = NameSetDelta()
        let old = clients[client] ?? NameIndex()
        guard old.selectors != selectors else { return delta }
        let new = NameIndex(selectors)
        clients[client] = selectors.isEmpty ? nil : new
        for (name, addresses) in entries[client] ?? [:] {
            let (before, after) = (old.matches(name), new.matches(name))
            for address in addresses {
                for selector in before.subtracting(after) { release(address, selector, &delta) }
                for selector in after.subtracting(before) { hold(address, selector, &delta) }
            }
        }
        return delta
    }

    /// Takes a line of the journal; `begin` forgets what was before.
    package mutating func follow(_ line: LearnedLine, _ delta: inout NameSetDelta) {
        switch line {
        case .begin:
            for (client, names) in entries {
                for (name, addresses) in names {
                    for address in addresses { remove(client, name, address, &delta) }
                }
            }
        case .add(let entry):
            guard entries[entry.client, default: [:]][entry.name, default: []].insert(entry.address).inserted else {
                return
            }
            for selector in clients[entry.client]?.matches(entry.name) ?? [] { hold(entry.address, selector, &delta) }
        case .remove(let client, let name, let address): remove(client, name, address, &delta)
        }
    }

    private mutating func remove(
        _ client: ObjectKey, _ name: DomainName, _ address: IPAddress, _ delta: inout NameSetDelta
    ) {
        guard entries[client]?[name]?.remove(address) != nil else { return }
        if entries[client]?[name]?.isEmpty == true { entries[client]?[name] = nil }
        if entries[client]?.isEmpty == true { entries[client] = nil }
        for selector in clients[client]?.matches(name) ?? [] { release(address, selector, &delta) }
    }

    private mutating func hold(_ address: IPAddress, _ selector: NameSelector, _ delta: inout NameSetDelta) {
        let count = reasons[selector]?[address] ?? 0
        reasons[selector, default: [:]][address] = count + 1
        if count == 0 { delta.add(address, to: selector) }
    }

    private mutating func release(_ address: IPAddress, _ selector: NameSelector, _ delta: inout NameSetDelta) {
        guard let count = reasons[selector]?[address] else { return }
        reasons[selector]?[address] = count > 1 ? count - 1 : nil
        guard count == 1 else { return }
        if reasons[selector]?.isEmpty == true { reasons[selector] = nil }
        delta.remove(address, from: selector)
    }
}
