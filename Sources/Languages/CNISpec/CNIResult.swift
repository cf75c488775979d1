/// What ADD answers, and what later verbs get back as `prevResult`.
package struct CNIResult: Codable, Hashable, Sendable {
    package var cniVersion: String?
    package var interfaces: [Interface]?
    package var ips: [IP]?
    package var routes: [Route]?
    package var dns: DNS?

    package init(interfaces: [Interface] = [], ips: [IP] = [], routes: [Route] = []) {
        self.interfaces = interfaces
        self.ips = ips
        self.routes = routes
    }

    package struct Interface: Codable, Hashable, Sendable {
        package var name: String
        package var mac: String?
        /// Since 1.1.0.
        package var mtu: Int?
        /// The namespace path; absent for interfaces on the host.
        package var sandbox: String?
        package var socketPath: String?
        package var pciID: String?

        package init(name: String, mac: String, mtu: Int, sandbox: String? = nil) {
            self.name = name
            self.mac = mac
            self.mtu = mtu
            self.sandbox = sandbox
        }
    }

    package struct IP: Codable, Hashable, Sendable {
        /// "4" or "6"; only up to 0.4.0, and required there.
        package var version: String?
        /// Address and prefix length.
        package var address: String
        package var gateway: String?
        /// The index into `interfaces`.
        package var interface: Int?

        package init(address: String, gateway: String?, interface: Int) {
            self.address = address
            self.gateway = gateway
            self.interface = interface
        }
    }

    package struct Route: Codable, Hashable, Sendable {
        package var dst: String
        package var gw: String?
        /// Since 1.1.0, as the rest.
        package var mtu: Int?
        package var advmss: Int?
        package var priority: Int?
        package var table: Int?
        package var scope: Int?

        package init(dst: String, gw: String?) {
            self.dst = dst
            self.gw = gw
        }
    }

    package struct DNS: Codable, Hashable, Sendable {
        package var nameservers: [String]?
        package var domain: String?
        package var search: [String]?
        package var options: [String]?
    }
}

extension CNIResult {
    /// The same result in the fields of another version of the specification.
    package func converted(to version: SpecVersion) -> CNIResult {
        var result = self
        result.cniVersion = version.rawValue
        result.dns = dns ?? DNS()
        let named = version < .v1_0_0
        result.ips = (ips ?? []).map { ip in
            var ip = ip
            ip.version = named ? (ip.address.contains(":") ? "6" : "4") : nil
            return ip
        }
        if version < .v1_1_0 {
            result.interfaces = (interfaces ?? []).map(\.before1_1)
            result.routes = (routes ?? []).map { Route(dst: $0.dst, gw: $0.gw) }
        }
        return result
    }

    /// This plugin's interfaces and addresses after those of the plugins before it in a chain.
    package func appended(to previous: CNIResult) -> CNIResult {
        var result = previous
        let offset = previous.interfaces?.count ?? 0
        result.interfaces = (previous.interfaces ?? []) + (interfaces ?? [])
        result.ips =
            (previous.ips ?? [])
            + (ips ?? []).map { ip in
                var ip = ip
                ip.interface = ip.interface.map { $0 + offset }
                return ip
            }
        result.routes = (previous.routes ?? []) + (routes ?? [])
        return result
    }
}

extension CNIResult.Interface {
    fileprivate var before1_1: CNIResult.Interface {
        var interface = self
        interface.mtu = nil
        interface.socketPath = nil
        interface.pciID = nil
        return interface
    }
}
