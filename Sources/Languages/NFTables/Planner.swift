/// What a plan needs to know of the present: a table that was applied, or one that the kernel listed.
protocol TableView {
    associatedtype Content: ChainView
    var chains: [Name: Content] { get }
    var sets: [Name: NamedSet] { get }
    var maps: [Name: NamedMap] { get }
    var counterNames: Set<Name> { get }
    /// True if a present definition is what the kernel shows of the desired one.
    static func isSame(_ present: SetDefinition, _ desired: SetDefinition) -> Bool
}

protocol ChainView {
    var base: Chain.Base? { get }
    func holds(_ rules: [Rule]) -> Bool
    var isEmpty: Bool { get }
}

/// Computes the smallest transaction from a present to a desired table.
///
/// Order inside the transaction: first everything that goes (rules, elements, sets, chains, counters), then everything
/// that comes (counters, chains, sets, rules, elements). The kernel does it all at once, so packets see none of it.
struct Planner<View: TableView> {
    private let present: View
    private let desired: Table
    private var plan: Transaction
    /// Sets and maps that are deleted, whether or not they come back with another type.
    private var dropped: Set<Name> = []
    /// Chains that are deleted because their hook or type changed, and come back.
    private var rebuilt: Set<Name> = []
    /// Sets and maps that are emptied and filled again.
    private var emptied: Set<Name> = []
    /// Chains whose rules are written (anew).
    private var rewritten: Set<Name> = []

    static func plan(from present: View, to desired: Table) -> Transaction {
        var planner = Planner(present: present, desired: desired)
        planner.findChanges()
        planner.remove()
        planner.create()
        return planner.plan
    }

    private init(present: View, desired: Table) {
        self.present = present
        self.desired = desired
        plan = Transaction(desired.family, desired.name)
    }

    private mutating func findChanges() {
        for (name, set) in present.sets where !isKept(set.definition, desired.sets[name]?.definition) {
            dropped.insert(name)
        }
        for (name, map) in present.maps where !isKept(map.definition, desired.maps[name]?.definition) {
            dropped.insert(name)
        }
        for (name, chain) in desired.chains {
            guard let old = present.chains[name] else {
                if !chain.rules.isEmpty { rewritten.insert(name) }
                continue
            }
            if !Self.isSameHook(old.base, chain.base) { rebuilt.insert(name) }
            if rebuilt.contains(name) || !old.holds(chain.rules) { rewritten.insert(name) }
        }
        guard !dropped.isEmpty || !rebuilt.isEmpty else { return }
        for (name, chain) in desired.chains where chain.rules.contains(where: refersToWhatGoes) {
            rewritten.insert(name)
        }
    }

    private func isKept(_ present: SetDefinition, _ desired: SetDefinition?) -> Bool {
        desired.map { View.isSame(present, $0) } ?? false
    }

    /// A policy can be changed in place; a listing may leave out the device.
    private static func isSameHook(_ present: Chain.Base?, _ desired: Chain.Base?) -> Bool {
        guard var present, let desired else { return present == nil && desired == nil }
        present.policy = desired.policy
        present.device = present.device ?? desired.device
        return present == desired
    }

    private func refersToWhatGoes(_ rule: Rule) -> Bool {
        rule.statements.contains { statement in
            statement.referredSets.contains(where: dropped.contains)
                || statement.referredChains.contains(where: rebuilt.contains)
        }
    }

    // MARK: What goes

    private mutating func remove() {
        let gone = present.chains.keys.filter { desired.chains[$0] == nil }.sorted()
        for name in (gone + rewritten).sorted() {
            if let old = present.chains[name], !old.isEmpty { plan.append(.flushChain(name)) }
        }
        for name in Set(present.sets.keys).subtracting(dropped).sorted() { removeSetElements(name) }
        for name in Set(present.maps.keys).subtracting(dropped).sorted() { removeMapElements(name) }
        for name in dropped.sorted() {
            if let definition = present.sets[name]?.definition ?? present.maps[name]?.definition {
                plan.append(.deleteSet(name, definition))
            }
        }
        for name in (gone + rebuilt).sorted() { plan.append(.deleteChain(name)) }
        for name in present.counterNames.subtracting(desired.counters).sorted() { plan.append(.deleteCounter(name)) }
    }

    private mutating func removeSetElements(_ name: Name) {
        guard let old = present.sets[name], let new = desired.sets[name], !new.definition.flags.contains(.dynamic),
            old.elements != new.elements
        else { return }
        delete(old.elements.subtracting(new.elements).sorted(), from: name, new.definition)
    }

    private mutating func removeMapElements(_ name: Name) {
        guard let old = present.maps[name], let new = desired.maps[name], !new.definition.flags.contains(.dynamic),
            !rebuilt.isEmpty || old.elements != new.elements
        else { return }
        let keys = old.elements.filter { new.elements[$0.key] != $0.value || leadsToRebuilt($0.value) }.keys
        delete(keys.sorted(), from: name, new.definition)
    }

    /// nft 1.0.6 cannot delete single elements of a set of interface patterns.
    private mutating func delete(_ keys: [ElementKey], from name: Name, _ definition: SetDefinition) {
        if definition.flags.contains(.interval), definition.key == [.interfaceName], !keys.isEmpty {
            emptied.insert(name)
            plan.append(.flushElements(name, definition))
        } else {
            plan.delete(keys, from: name, definition)
        }
    }

    private func leadsToRebuilt(_ value: NamedMap.Value) -> Bool {
        guard !rebuilt.isEmpty, case .verdict(let verdict) = value, let target = verdict.target else { return false }
        return rebuilt.contains(target)
    }

    // MARK: What comes

    private mutating func create() {
        for name in desired.counters.subtracting(present.counterNames).sorted() { plan.append(.addCounter(name)) }
        // Chains before maps: nft 1.0.6 sends elements of an interval map together with the map's creation.
        let newChains = desired.chains.filter { name, chain in
            guard let old = present.chains[name], !rebuilt.contains(name) else { return true }
            return old.base?.policy != chain.base?.policy
        }
        for (name, chain) in newChains.sorted(by: { $0.key < $1.key }) { plan.append(.addChain(name, chain.base)) }
        let newSets = desired.sets.keys.filter { present.sets[$0] == nil || dropped.contains($0) }
        for name in newSets.sorted() {
            if let set = desired.sets[name] { plan.append(.addSet(name, set.definition)) }
        }
        let newMaps = desired.maps.keys.filter { present.maps[$0] == nil || dropped.contains($0) }
        for name in newMaps.sorted() {
            if let map = desired.maps[name] { plan.append(.addSet(name, map.definition)) }
        }
        for name in rewritten.sorted() {
            for rule in desired.chains[name]?.rules ?? [] { plan.append(.addRule(chain: name, rule)) }
        }
        addElements()
    }

    private func isFresh(_ name: Name) -> Bool { dropped.contains(name) || emptied.contains(name) }

    private mutating func addElements() {
        for (name, set) in desired.sets.sorted(by: { $0.key < $1.key }) {
            let old = isFresh(name) ? nil : present.sets[name]
            // Others fill a dynamic set; it begins with what is known.
            guard !set.definition.flags.contains(.dynamic) || old == nil, old?.elements != set.elements else {
                continue
            }
            plan.add(set.elements.subtracting(old?.elements ?? []).sorted(), to: name, set.definition)
        }
        for (name, map) in desired.maps.sorted(by: { $0.key < $1.key }) {
            let old = isFresh(name) ? nil : present.maps[name]
            guard !map.definition.flags.contains(.dynamic), !rebuilt.isEmpty || old?.elements != map.elements
            else { continue }
            let new = map.elements.filter { old?.elements[$0.key] != $0.value || leadsToRebuilt($0.value) }
            plan.add(new.sorted { $0.key < $1.key }, to: name, map.definition)
        }
    }
}
