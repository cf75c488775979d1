import CLinux
package import LinkState
import LinuxSystem
import Synchronization

extension Rtnetlink {
    /// Makes the changes in order, many in one system call.
    ///
    /// All are tried; what is gone already counts as removed. The error names every change that failed.
    package func apply(_ changes: [LinkChange]) throws {
        let failures = try socket.withLock { socket in
            var run = ApplyRun(namespace: namespace)
            for change in changes { try run.add(change, &socket) }
            try run.flush(&socket)
            return run.failures
        }
        guard var first = failures.first else { return }
        first.others = Array(failures.dropFirst())
        throw first
    }

    /// Observes, plans and applies until there is nothing left to do; returns what was changed.
    ///
    /// One round is the rule. A second is needed where the kernel takes along more than was asked (routes of a removed
    /// source address); after four the state cannot be had, and the error says what is missing.
    @discardableResult
    package func reconcile(_ desired: LinkState, owning: LinkOwnership = .ours) throws -> [LinkChange] {
        var done: [LinkChange] = []
        for _ in 0..<4 {
            let observed = try observe(owning, settings: desired.settings.keys)
            let plan = LinkState.plan(from: observed, to: desired)
            if plan.isEmpty { return done }
            try apply(plan)
            done += plan
        }
        let rest = LinkState.plan(from: try observe(owning, settings: desired.settings.keys), to: desired)
        guard let first = rest.first else { return done }
        throw RoutingError(
            what: "\(first)", reason: "the kernel accepts it and does not keep it (\(rest.count) such changes)",
            namespace: namespace)
    }
}

/// One run over a list of changes: collects requests, and sends them when a change needs what an earlier one makes.
private struct ApplyRun {
    let namespace: NamespaceReference
    var failures: [RoutingError] = []
    private var requests: [(change: LinkChange, message: NetlinkMessage)] = []
    private var settings: [(path: String, value: String)] = []
    private var indices: [String: UInt32] = [:]
    /// Namespaces of veth ends, open until their requests are sent.
    private var open: [OpenNamespace] = []

    init(namespace: NamespaceReference) { self.namespace = namespace }

    private final class OpenNamespace {
        let descriptor: OwnedDescriptor
        init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }

    mutating func add(_ change: LinkChange, _ socket: inout NetlinkSocket) throws {
        if case .set(let path, let value) = change {
            try sendRequests(&socket)
            settings.append((path, value))
            return
        }
        writeSettings()
        do {
            for message in try messages(change, &socket) { requests.append((change, message)) }
        } catch let error as RoutingError {
            failures.append(error)
        } catch let error as SystemError {
            fail(change, error.description)
        }
    }

    mutating func flush(_ socket: inout NetlinkSocket) throws {
        try sendRequests(&socket)
        writeSettings()
    }

    private mutating func sendRequests(_ socket: inout NetlinkSocket) throws {
        guard !requests.isEmpty else { return }
        let results = try socket.transact(requests.map(\.message))
        for (request, refusal) in zip(requests, results) {
            guard let refusal, !Self.isAlreadySo(request.change, refusal.number) else { continue }
            // What follows in the same change fails for the same reason.
            let what = "\(request.change)"
            if failures.last?.what == what { continue }
            failures.append(RoutingError(what: what, refusal: refusal, namespace: namespace))
        }
        requests = []
        open = []
    }

    /// Settings belong to the thread's namespace: one thread writes them all.
    private mutating func writeSettings() {
        guard !settings.isEmpty else { return }
        let batch = settings
        settings = []
        let place = namespace
        do {
            let errors = try withNetworkNamespace(place) { () -> [RoutingError] in
                batch.compactMap { path, value in
                    do throws(SystemError) {
                        try Sysctl.ensure(path, value)
                        return nil
                    } catch {
                        let change = LinkChange.set(path: path, value: value)
                        return RoutingError(what: "\(change)", reason: "\(error.number)", namespace: place)
                    }
                }
            }
            failures += errors
        } catch {
            for (path, value) in batch { fail(.set(path: path, value: value), "\(error)") }
        }
    }

    private mutating func fail(_ change: LinkChange, _ reason: String) {
        failures.append(RoutingError(what: "\(change)", reason: reason, namespace: namespace))
    }

    private mutating func index(_ name: String, for change: LinkChange, _ socket: inout NetlinkSocket) throws -> UInt32
    {
        if let known = indices[name] { return known }
        try sendRequests(&socket)
        guard let index = try Rtnetlink.index(of: name, &socket) else {
            throw RoutingError(what: "\(change)", reason: "there is no interface \(name)", namespace: namespace)
        }
        indices[name] = index
        return index
    }

    private mutating func messages(_ change: LinkChange, _ socket: inout NetlinkSocket) throws -> [NetlinkMessage] {
        switch change {
        case .createLink(let link): return try create(link, change, &socket)
        case .changeLink(let old, let link):
            let port = link.bridge == old.bridge ? nil : link.bridge
            let bridge = try port.map { try index($0, for: change, &socket) }
            let configured = LinkMessages.configure(link, before: old, bridgeIndex: bridge).map { [$0] } ?? []
            return configured + (link.isUp == old.isUp ? [] : [LinkMessages.state(link.name, up: link.isUp)])
        case .deleteLink(let link):
            indices[link.name] = nil
            return [LinkMessages.delete(link.name)]
        case .set: return []
        case .addAddress(let it):
            return [RouteMessages.address(it, index: try index(it.device, for: change, &socket), add: true)]
        case .removeAddress(let it):
            return [RouteMessages.address(it, index: try index(it.device, for: change, &socket), add: false)]
        case .addRoute(let route):
            return [RouteMessages.route(route, index: try index(of: route, change, &socket), .add)]
        case .replaceRoute(_, let route):
            return [RouteMessages.route(route, index: try index(of: route, change, &socket), .replace)]
        case .removeRoute(let route):
            return [RouteMessages.route(route, index: try index(of: route, change, &socket), .remove)]
        case .addRule(let rule): return [RouteMessages.rule(rule, add: true)]
        case .removeRule(let rule): return [RouteMessages.rule(rule, add: false)]
        case .putNeighbour(let it):
            return [RouteMessages.neighbour(it, index: try index(it.device, for: change, &socket), add: true)]
        case .removeNeighbour(let it):
            return [RouteMessages.neighbour(it, index: try index(it.device, for: change, &socket), add: false)]
        case .putForwarding(let it):
            return [RouteMessages.forwarding(it, index: try index(it.device, for: change, &socket), add: true)]
        case .removeForwarding(let it):
            return [RouteMessages.forwarding(it, index: try index(it.device, for: change, &socket), add: false)]
        case .putShaper(let it): return [ShapingMessages.put(it, index: try index(it.device, for: change, &socket))]
        case .removeShaper(let it):
            return [ShapingMessages.removeShaper(index: try index(it.device, for: change, &socket))]
        case .addRedirect(let it):
            guard let queue = it.queue else { return [] }
            return ShapingMessages.addRedirect(
                index: try index(it.device, for: change, &socket), queue: try index(queue, for: change, &socket))
        case .removeRedirect(let it):
            return [ShapingMessages.removeRedirect(index: try index(it.device, for: change, &socket))]
        }
    }

    private mutating func index(
        of route: LinkState.Route, _ change: LinkChange, _ socket: inout NetlinkSocket
    ) throws -> UInt32? {
        try route.device.map { try index($0, for: change, &socket) }
    }

    private mutating func create(
        _ link: LinkState.Link, _ change: LinkChange, _ socket: inout NetlinkSocket
    ) throws -> [NetlinkMessage] {
        indices[link.name] = nil
        guard (1...15).contains(link.name.utf8.count) else {
            throw RoutingError(what: "\(change)", reason: "a name has 1 to 15 bytes", namespace: namespace)
        }
        var peerNamespace: Int32?
        if case .veth(let peer) = link.kind {
            guard let peer else {
                throw RoutingError(
                    what: "\(change)", reason: "its other end is not known; its pod must be set up again",
                    namespace: namespace)
            }
            let opened = OpenNamespace(try NamespaceReference.path(peer.namespacePath).open())
            peerNamespace = opened.descriptor.rawValue
            open.append(opened)
        }
        let bridge = try link.bridge.map { try index($0, for: change, &socket) }
        let made = LinkMessages.create(link, peerNamespace: peerNamespace)
        let configured = LinkMessages.configure(link, before: nil, bridgeIndex: bridge).map { [$0] } ?? []
        return [made] + configured + (link.isUp ? [LinkMessages.state(link.name, up: true)] : [])
    }

    /// True when the refusal says that what was to be removed is not there.
    private static func isAlreadySo(_ change: LinkChange, _ number: ErrorNumber) -> Bool {
        let gone: Set<ErrorNumber> = [.notFound, .noSuchProcess, .noSuchDevice, .noSuchAddress]
        return switch change {
        case .deleteLink, .removeAddress, .removeRoute, .removeRule, .removeNeighbour, .removeForwarding, .removeShaper,
            .removeRedirect:
            gone.contains(number)
        default: false
        }
    }
}
