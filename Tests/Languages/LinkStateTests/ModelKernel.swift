import LinkState
import NetworkTypes

/// A kernel of sets: refuses what the real one refuses, and takes along what goes with a link.
struct ModelKernel {
    struct Refusal: Error { let change: LinkChange }

    private(set) var state: LinkState

    init(_ state: LinkState) { self.state = state }

    mutating func apply(_ change: LinkChange) throws {
        guard try accepts(change) else { throw Refusal(change: change) }
        switch change {
        case .createLink(let link), .changeLink(_, let link): state.links[link.name] = link
        case .deleteLink(let link): delete(link.name)
        case .set(let path, let value): state.settings[path] = value
        case .addAddress(let it): state.addresses.insert(it)
        case .removeAddress(let it): state.addresses.remove(it)
        case .addRoute(let it): state.routes.insert(it)
        case .replaceRoute(let old, let it):
            state.routes.remove(old)
            state.routes.insert(it)
        case .removeRoute(let it): state.routes.remove(it)
        case .addRule(let it): state.rules.insert(it)
        case .removeRule(let it): state.rules.remove(it)
        case .putNeighbour(let it):
            state.neighbours = state.neighbours.filter { ($0.device, $0.address) != (it.device, it.address) }
            state.neighbours.insert(it)
        case .removeNeighbour(let it): state.neighbours.remove(it)
        case .putForwarding(let it):
            if it.mac.bits != 0 {
                state.forwarding = state.forwarding.filter { ($0.device, $0.mac) != (it.device, it.mac) }
            }
            state.forwarding.insert(it)
        case .removeForwarding(let it): state.forwarding.remove(it)
        case .putShaper(let it):
            state.shapers = state.shapers.filter { $0.device != it.device }
            state.shapers.insert(it)
        case .removeShaper(let it): state.shapers.remove(it)
        case .addRedirect(let it): state.redirects.insert(it)
        case .removeRedirect(let it): state.redirects = state.redirects.filter { $0.device != it.device }
        }
    }

    private func accepts(_ change: LinkChange) throws -> Bool {
        switch change {
        case .createLink(let link): state.links[link.name] == nil
        case .changeLink(_, let link), .deleteLink(let link): state.links[link.name] != nil
        case .addAddress(let it): state.links[it.device] != nil && !state.addresses.contains(it)
        case .removeAddress(let it): state.addresses.contains(it)
        case .addRoute(let it):
            (it.device.map { state.links[$0] != nil } ?? true) && !state.routes.contains { $0.key == it.key }
        case .replaceRoute(_, let it): it.device.map { state.links[$0] != nil } ?? true
        case .removeRoute(let it): state.routes.contains(it)
        case .addRule(let it): !state.rules.contains(it)
        case .removeRule(let it): state.rules.contains(it)
        case .putNeighbour(let it): state.links[it.device] != nil
        case .removeNeighbour(let it): state.neighbours.contains(it)
        case .putForwarding(let it): state.links[it.device] != nil
        case .removeForwarding(let it): state.forwarding.contains(it)
        case .putShaper(let it): state.links[it.device] != nil
        case .removeShaper(let it): state.shapers.contains(it)
        case .addRedirect(let it):
            state.links[it.device] != nil && it.queue.map { state.links[$0] != nil } ?? false
                && !state.redirects.contains { $0.device == it.device }
        case .removeRedirect(let it): state.redirects.contains { $0.device == it.device }
        case .set: true
        }
    }

    private mutating func delete(_ name: String) {
        state.links[name] = nil
        state.addresses = state.addresses.filter { $0.device != name }
        state.routes = state.routes.filter { $0.device != name }
        state.neighbours = state.neighbours.filter { $0.device != name }
        state.forwarding = state.forwarding.filter { $0.device != name }
        state.shapers = state.shapers.filter { $0.device != name }
        // What was led to the link is led nowhere now.
        state.redirects = Set(
            state.redirects.filter { $0.device != name }.map {
                LinkState.Redirect(from: $0.device, to: $0.queue == name ? nil : $0.queue)
            })
    }
}
