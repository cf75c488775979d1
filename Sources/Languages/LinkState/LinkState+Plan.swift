import NetworkTypes

extension LinkState {
    /// The least that makes `observed` into `desired`, in an order in which every step finds what it needs.
    ///
    /// What is new comes first (links, settings, shaping, addresses, routes, neighbours, forwarding entries, rules) and what
    /// is old goes last, in reverse, so that traffic that both states allow is not interrupted. What the kernel removes by
    /// itself with a link is not removed one by one. Equal states give no steps.
    package static func plan(from observed: LinkState, to desired: LinkState) -> [LinkChange] {
        let made = LinkPlan(observed: observed, desired: desired)
        return made.additions + made.removals
    }
}

/// The parts of a plan.
private struct LinkPlan {
    /// What the kernel still has once links that are made anew are gone.
    let observed: LinkState
    let desired: LinkState
    let remade: [LinkState.Link]
    /// Links that go at the end, with all that is on them.
    let doomed: Set<String>

    init(observed: LinkState, desired: LinkState) {
        self.desired = desired
        remade = observed.links.values.filter { old in
            desired.links[old.name].map { !old.isOfSameMake(as: $0) } ?? false
        }
        doomed = Set(observed.links.keys.filter { desired.links[$0] == nil })
        self.observed = observed.without(devices: Set(remade.map(\.name)))
    }

    var additions: [LinkChange] {
        linkChanges + settings + shaping + addresses
            + routes
            + desired.neighbours.subtracting(observed.neighbours).ordered().map { .putNeighbour($0) }
            + desired.forwarding.subtracting(observed.forwarding).ordered().map { .putForwarding($0) }
            + desired.rules.subtracting(observed.rules).ordered().map { .addRule($0) }
    }

    private var linkChanges: [LinkChange] {
        var changes: [LinkChange] = remade.sorted { $0.name < $1.name }.map { .deleteLink($0) }
        // Bridges before their ports.
        let wanted = desired.links.values.sorted {
            ($0.bridge == nil ? 0 : 1, $0.name) < ($1.bridge == nil ? 0 : 1, $1.name)
        }
        for link in wanted {
            guard let old = observed.links[link.name] else {
                changes.append(.createLink(link))
                continue
            }
            if !old.satisfies(link) { changes.append(.changeLink(from: old, to: link)) }
        }
        return changes
    }

    private var settings: [LinkChange] {
        desired.settings.filter { observed.settings[$0.key] != $0.value }
            .sorted { $0.key < $1.key }.map { .set(path: $0.key, value: $0.value) }
    }

    /// A queue stands before something is led to it.
    private var shaping: [LinkChange] {
        let missing = desired.redirects.subtracting(observed.redirects).ordered()
        let devices = Set(missing.map(\.device))
        // Of one device there can be only one.
        let stale = observed.redirects.subtracting(desired.redirects).filter { devices.contains($0.device) }
        return desired.shapers.subtracting(observed.shapers).ordered().map { .putShaper($0) }
            + stale.ordered().map { .removeRedirect($0) } + missing.map { .addRedirect($0) }
    }

    private var addresses: [LinkChange] {
        desired.addresses.subtracting(observed.addresses).ordered().map { .addAddress($0) }
    }

    /// A route without a gateway comes before those whose gateway it may lead to.
    private var routes: [LinkChange] {
        let old = Dictionary(observed.routes.map { ($0.key, $0) }) { first, _ in first }
        let new = desired.routes.subtracting(observed.routes)
        let ordered = new.filter { $0.gateway == nil }.ordered() + new.filter { $0.gateway != nil }.ordered()
        return ordered.map { route in
            guard let before = old[route.key], !desired.routes.contains(before) else { return .addRoute(route) }
            return .replaceRoute(from: before, to: route)
        }
    }

    var removals: [LinkChange] {
        let standing = observed.without(devices: doomed)
        let replaced = Set(desired.routes.map(\.key))
        let neighbours = Set(desired.neighbours.map { NeighbourKey(device: $0.device, address: $0.address) })
        let entries = Set(
            desired.forwarding.filter { $0.mac.bits != 0 }.map { EntryKey(device: $0.device, mac: $0.mac) })
        return standing.rules.subtracting(desired.rules).ordered().map { .removeRule($0) }
            + standing.forwarding.subtracting(desired.forwarding)
            .filter { !entries.contains(EntryKey(device: $0.device, mac: $0.mac)) }.ordered().map {
                .removeForwarding($0)
            }
            + standing.neighbours.subtracting(desired.neighbours)
            .filter { !neighbours.contains(NeighbourKey(device: $0.device, address: $0.address)) }
            .ordered().map { .removeNeighbour($0) }
            + removedRoutes(standing, replaced) + removedShaping(standing)
            + standing.addresses.subtracting(desired.addresses).ordered().map { .removeAddress($0) }
            + doomed.sorted().compactMap { observed.links[$0].map { .deleteLink($0) } }
    }

    private func removedShaping(_ standing: LinkState) -> [LinkChange] {
        let redirected = Set(desired.redirects.map(\.device))
        let shaped = Set(desired.shapers.map(\.device))
        let redirects = observed.redirects.filter { !redirected.contains($0.device) && !doomed.contains($0.device) }
        let shapers = standing.shapers.filter { !shaped.contains($0.device) }
        return redirects.ordered().map { .removeRedirect($0) } + shapers.ordered().map { .removeShaper($0) }
    }

    private func removedRoutes(_ standing: LinkState, _ replaced: Set<LinkState.Route.Key>) -> [LinkChange] {
        let old = standing.routes.subtracting(desired.routes).filter { !replaced.contains($0.key) }
        return (old.filter { $0.gateway != nil }.ordered() + old.filter { $0.gateway == nil }.ordered())
            .map { .removeRoute($0) }
    }
}

private struct NeighbourKey: Hashable {
    let device: String
    let address: IPAddress
}

private struct EntryKey: Hashable {
    let device: String
    let mac: MACAddress
}

extension LinkState {
    /// The state after the kernel has removed these links with all that is on them.
    fileprivate func without(devices: Set<String>) -> LinkState {
        if devices.isEmpty { return self }
        var rest = self
        for device in devices { rest.links[device] = nil }
        rest.addresses = addresses.filter { !devices.contains($0.device) }
        rest.routes = routes.filter { $0.device.map { !devices.contains($0) } ?? true }
        rest.neighbours = neighbours.filter { !devices.contains($0.device) }
        rest.forwarding = forwarding.filter { !devices.contains($0.device) }
        rest.shapers = shapers.filter { !devices.contains($0.device) }
        rest.redirects = Set(
            redirects.filter { !devices.contains($0.device) }.map { redirect in
                let isGone = redirect.queue.map(devices.contains) ?? true
                return LinkState.Redirect(from: redirect.device, to: isGone ? nil : redirect.queue)
            })
        rest.settings = settings.filter { entry in
            !entry.key.split(separator: "/").contains { devices.contains(String($0)) }
        }
        return rest
    }
}

extension Set where Element: CustomStringConvertible {
    /// In an order that depends on nothing but the elements.
    fileprivate func ordered() -> [Element] {
        map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
