import CLinux
package import LinuxSystem
import Synchronization

/// The links, addresses, routes, rules, neighbours and forwarding entries of one network namespace, by rtnetlink.
package final class Rtnetlink: Sendable {
    package let namespace: NamespaceReference
    let socket: Mutex<NetlinkSocket>

    package init(in namespace: NamespaceReference = .current) throws {
        self.namespace = namespace
        socket = Mutex(try NetlinkSocket(.route, in: namespace))
    }

    /// The index of an interface; nil if there is none of that name.
    package func index(of name: String) throws -> UInt32? {
        try socket.withLock { socket in try Self.index(of: name, &socket) }
    }

    static func index(of name: String, _ socket: inout NetlinkSocket) throws -> UInt32? {
        guard (1...15).contains(name.utf8.count) else { return nil }
        var message = NetlinkMessage(type: RTM_GETLINK, payload: NetlinkWriter(header: ifinfomsg()))
        message.payload.put(IFLA_IFNAME, text: name)
        message.payload.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        do {
            let reply = try socket.query(message)
            return reply?.payload.structure(ifinfomsg.self).map { UInt32(bitPattern: $0.ifi_index) }
        } catch let error as NetlinkError where error.number == .noSuchDevice {
            return nil
        }
    }

    /// Sets an interface up, loopback for example.
    package func bringUp(_ name: String) throws {
        try request("set up link \(name)", LinkMessages.state(name, up: true))
    }

    /// Deletes an interface (of a veth pair both ends); false if there is none of that name.
    @discardableResult
    package func deleteLink(named name: String) throws -> Bool {
        do {
            try request("delete link \(name)", LinkMessages.delete(name))
            return true
        } catch let error as RoutingError where error.refusal?.number == .noSuchDevice {
            return false
        }
    }

    /// One request; its refusal names `what`.
    func request(_ what: String, _ message: NetlinkMessage) throws {
        do {
            try socket.withLock { socket in try socket.transact(message) }
        } catch let error as NetlinkError {
            throw RoutingError(what: what, refusal: error, namespace: namespace)
        }
    }
}
