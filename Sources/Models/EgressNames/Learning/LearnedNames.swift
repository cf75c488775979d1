package import ClusterAPI
package import NetworkTypes

/// Which addresses stand for the names that policies mention, on one node: what pods were told, and nothing else.
///
/// A value. Time is passed in: seconds of a clock that never goes back. Every change comes with what it changes in the sets of
/// addresses; put one after the other on nothing, these make `contents`.
package struct LearnedNames: Sendable {
    struct Lease: Sendable {
        var deadline: UInt64
        /// Where it stands in the schedule; other places are those of leases before it.
        var check: UInt64
        /// The deadline that a lesson told last.
        var told: UInt64
    }

    struct Client: Sendable {
        var index = NameIndex()
        var leases: [DomainName: [IPAddress: Lease]] = [:]
        var leaseCount = 0
    }

    package let limits: NameLimits
    package private(set) var bounds: NameBounds
    var clients: [ObjectKey: Client] = [:]
    /// How many reasons there are for an address to be in a set: pods and their names.
    private var reasons: [NameSelector: [IPAddress: Int]] = [:]
    private(set) var leaseCount = 0
    var questions = OpenQuestions()
    private var schedule = LeaseSchedule()
    private var ended: [LearnedAddress] = []

    package init(limits: NameLimits = NameLimits(), bounds: NameBounds = NameBounds()) {
        self.limits = limits
        self.bounds = bounds
    }

    /// The addresses of each selector that has any.
    package var contents: [NameSelector: Set<IPAddress>] { reasons.mapValues { Set($0.keys) } }

    /// Whether an address is among a selector's.
    package func holds(_ address: IPAddress, of selector: NameSelector) -> Bool { reasons[selector]?[address] != nil }

    /// How many `entries` there are.
    package var count: Int { leaseCount }

    /// All that was learned, in order.
    package var entries: [LearnedAddress] { unordered.sorted { $0.order < $1.order } }

    private var unordered: [LearnedAddress] {
        clients.flatMap { key, client in
            client.leases.flatMap { name, addresses in
                addresses.map { LearnedAddress(client: key, name: name, address: $0, deadline: $1.deadline) }
            }
        }
    }

    // MARK: Policy

    /// Which names the policies of a pod mention now.
    ///
    /// What it was told of names that they do not mention any more is forgotten; what it was told of names that nothing mentioned
    /// was never kept.
    package mutating func mention(_ selectors: Set<NameSelector>, by key: ObjectKey) -> NameSetDelta {
        var delta = NameSetDelta()
        let old = clients[key] ?? Client()
        guard old.index.selectors != selectors else { return delta }
        let index = NameIndex(selectors)
        clients[key, default: Client()].index = index
        for (name, addresses) in old.leases {
            let (before, after) = (old.index.matches(name), index.matches(name))
            for address in addresses.keys {
                for selector in before.subtracting(after) { release(address, selector, &delta) }
                for selector in after.subtracting(before) { hold(address, selector, &delta) }
            }
            if after.isEmpty { forget(name, addresses.count, of: key) }
        }
        return delta
    }

    /// The pod is gone.
    package mutating func removeClient(_ key: ObjectKey) -> NameSetDelta {
        let delta = mention([], by: key)
        clients[key] = nil
        questions.close(allOf: key)
        return delta
    }

    private mutating func forget(_ name: DomainName, _ count: Int, of key: ObjectKey) {
        clients[key]?.leases[name] = nil
        clients[key]?.leaseCount -= count
        leaseCount -= count
    }

    // MARK: Leases

    /// Enters or prolongs an address of a name that the pod's policies mention.
    ///
    /// - Returns: whether a journal should hear of it: what is prolonged by moments is not told each time.
    /// - Throws: `NameRefusal`: a limit.
    mutating func keep(_ entry: LearnedAddress, _ delta: inout NameSetDelta) throws(NameRefusal) -> Bool {
        guard let index = clients[entry.client]?.index else { return false }
        if var lease = clients[entry.client]?.leases[entry.name]?[entry.address] {
            lease.deadline = max(lease.deadline, entry.deadline)
            let isNews = lease.deadline > lease.told + limits.slack
            if isNews { lease.told = lease.deadline }
            clients[entry.client]?.leases[entry.name]?[entry.address] = lease
            return isNews
        }
        if let limit = limit(reachedBy: entry) { throw limit }
        let lease = Lease(deadline: entry.deadline, check: entry.deadline, told: entry.deadline)
        clients[entry.client]?.leases[entry.name, default: [:]][entry.address] = lease
        clients[entry.client]?.leaseCount += 1
        leaseCount += 1
        schedule.add(entry.key, at: entry.deadline)
        for selector in index.matches(entry.name) { hold(entry.address, selector, &delta) }
        return true
    }

    private func limit(reachedBy entry: LearnedAddress) -> NameRefusal? {
        if clients[entry.client]?.leases[entry.name]?.count ?? 0 >= limits.addressesPerName {
            return .tooManyAddressesOfName(entry.name, client: entry.client, limit: limits.addressesPerName)
        }
        if clients[entry.client]?.leaseCount ?? 0 >= limits.addressesPerClient {
            return .tooManyAddresses(client: entry.client, limit: limits.addressesPerClient)
        }
        return leaseCount >= limits.addresses ? .full(limit: limits.addresses) : nil
    }

    /// Ends what is over: what nobody told again, and nobody uses.
    ///
    /// - Parameter uses: the connections of pods on this node that last.
    package mutating func expire(at now: UInt64, uses: Set<NameUse>) -> NameSetDelta {
        var delta = NameSetDelta()
        for (second, keys) in schedule.takeDue(at: now) {
            for key in keys {
                guard let lease = clients[key.client]?.leases[key.name]?[key.address], lease.check == second else {
                    continue
                }
                let isUsed = uses.contains(NameUse(client: key.client, address: key.address))
                guard lease.deadline > now || isUsed else {
                    end(key, &delta)
                    continue
                }
                let check = max(lease.deadline, now + 1)
                clients[key.client]?.leases[key.name]?[key.address]?.check = check
                schedule.add(key, at: check)
            }
        }
        return delta
    }

    /// Which addresses no name may have; what has such a one is forgotten.
    package mutating func bound(by bounds: NameBounds) -> NameSetDelta {
        var delta = NameSetDelta()
        self.bounds = bounds
        for entry in unordered where !bounds.allow(entry.address, for: entry.name) { end(entry.key, &delta) }
        return delta
    }

    /// Whether `expire` has something to look at.
    package func isDue(at now: UInt64) -> Bool { schedule.isDue(at: now) }

    /// What ended since the last call because its time was over, or because of new bounds: for a journal.
    package mutating func takeEnded() -> [LearnedAddress] {
        defer { ended = [] }
        return ended
    }

    private mutating func end(_ key: LeaseSchedule.Key, _ delta: inout NameSetDelta) {
        ended.append(LearnedAddress(client: key.client, name: key.name, address: key.address, deadline: 0))
        clients[key.client]?.leases[key.name]?[key.address] = nil
        if clients[key.client]?.leases[key.name]?.isEmpty == true { clients[key.client]?.leases[key.name] = nil }
        clients[key.client]?.leaseCount -= 1
        leaseCount -= 1
        for selector in clients[key.client]?.index.matches(key.name) ?? [] { release(key.address, selector, &delta) }
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
