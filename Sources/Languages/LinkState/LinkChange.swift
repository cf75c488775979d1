/// One step from an observed `LinkState` to a wanted one.
package enum LinkChange: Hashable, Sendable {
    case createLink(LinkState.Link)
    /// The kind stays; the properties become those of `to`.
    case changeLink(from: LinkState.Link, to: LinkState.Link)
    case deleteLink(LinkState.Link)
    case set(path: String, value: String)
    case addAddress(LinkState.Address)
    case removeAddress(LinkState.Address)
    case addRoute(LinkState.Route)
    /// In one step, so that no packet finds no route.
    case replaceRoute(from: LinkState.Route, to: LinkState.Route)
    case removeRoute(LinkState.Route)
    case addRule(LinkState.Rule)
    case removeRule(LinkState.Rule)
    /// Adds, or replaces the one with the same device and address.
    case putNeighbour(LinkState.Neighbour)
    case removeNeighbour(LinkState.Neighbour)
    /// Adds, or replaces the one with the same device and MAC address (of the zero address there may be several).
    case putForwarding(LinkState.ForwardingEntry)
    case removeForwarding(LinkState.ForwardingEntry)
    /// Adds, or replaces the root queue of the same device.
    case putShaper(LinkState.Shaper)
    case removeShaper(LinkState.Shaper)
    case addRedirect(LinkState.Redirect)
    case removeRedirect(LinkState.Redirect)
}

extension LinkChange: CustomStringConvertible {
    package var description: String {
        switch self {
        case .createLink(let link): "create link \(link.name)"
        case .changeLink(_, let link): "change link \(link.name)"
        case .deleteLink(let link): "delete link \(link.name)"
        case .set(let path, let value): "set \(path) to \(value)"
        case .addAddress(let address): "add address \(address)"
        case .removeAddress(let address): "remove address \(address)"
        case .addRoute(let route): "add route \(route)"
        case .replaceRoute(_, let route): "replace route \(route)"
        case .removeRoute(let route): "remove route \(route)"
        case .addRule(let rule): "add rule \(rule)"
        case .removeRule(let rule): "remove rule \(rule)"
        case .putNeighbour(let neighbour): "put neighbour \(neighbour)"
        case .removeNeighbour(let neighbour): "remove neighbour \(neighbour)"
        case .putForwarding(let entry): "put forwarding entry \(entry)"
        case .removeForwarding(let entry): "remove forwarding entry \(entry)"
        case .putShaper(let shaper): "put shaper \(shaper)"
        case .removeShaper(let shaper): "remove shaper \(shaper)"
        case .addRedirect(let redirect): "add redirect \(redirect)"
        case .removeRedirect(let redirect): "remove redirect \(redirect)"
        }
    }
}
