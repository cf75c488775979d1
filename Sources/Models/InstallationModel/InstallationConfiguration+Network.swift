import AddressAllocation
import ClusterAPI
import NetworkTypes

extension InstallationConfiguration {
    private static let networkKeys = [
        "pods", "services", "nodes", "mode", "mtu", "vxlanPort", "encryption", "underlayInterface",
        "nodePortAddresses", "maximumNodes", "podsPerNode",
    ]

    /// Nil when there is no network to speak of; the reader knows why.
    static func network(_ root: DocumentReader.Section, _ reader: inout DocumentReader) -> Network? {
        let section = reader.section("network", of: root, keys: networkKeys)
        guard reader.has("network", in: root) else { return nil }
        reader.require("pods", of: section, like: "[{cidr: 10.128.0.0/14, hostSubnetLength: 9}]")
        reader.require("services", of: section, like: "[10.96.0.0/16], kube-apiserver's --service-cluster-ip-range")
        let range = { (text: String) in CIDR(text) }
        var network = Network(
            pods: pods(section, &reader),
            services: reader.list("services", of: section, as: "a network", like: "10.96.0.0/16", range))
        network.nodes = reader.list("nodes", of: section, as: "a network", like: "192.0.2.0/24", range)
        network.nodePortAddresses = reader.list(
            "nodePortAddresses", of: section, as: "a network", like: "192.0.2.0/24", range)
        let modes = "one of subnet, multitenant, networkpolicy"
        let mode = reader.parsed("mode", of: section, as: modes, like: "networkpolicy") { text -> NetworkMode? in
            let mode = NetworkMode(pluginName: text)
            if case .unknown = mode { return nil }
            return mode
        }
        network.mode = mode ?? network.mode
        network.mtu = reader.number("mtu", of: section, in: 576...65_536)
        let port = reader.number("vxlanPort", of: section, in: 1...65_535)
        network.vxlanPort = port.flatMap { UInt16(exactly: $0) } ?? network.vxlanPort
        network.underlayInterface = reader.parsed(
            "underlayInterface", of: section, as: "the name of an interface", like: "eth0"
        ) { isInterface($0) ? $0 : nil }
        network.maximumNodes =
            reader.number("maximumNodes", of: section, in: 1...100_000) ?? network.maximumNodes
        network.podsPerNode = reader.number("podsPerNode", of: section, in: 1...65_534) ?? network.podsPerNode
        encryption(section, &reader)
        return network
    }

    private static func pods(_ section: DocumentReader.Section, _ reader: inout DocumentReader) -> [SubnetRange] {
        var ranges: [SubnetRange] = []
        for (place, element) in reader.elements("pods", of: section).enumerated() {
            let path = section.path + ["pods", "\(place)"]
            let entry = reader.section(element, at: path, keys: ["cidr", "hostSubnetLength"])
            reader.require("cidr", of: entry, like: "10.128.0.0/14")
            let cidr = reader.parsed("cidr", of: entry, as: "a network", like: "10.128.0.0/14") { CIDR($0) }
            let usual = cidr?.family == .v6 ? 64 : 9
            let bits = reader.number("hostSubnetLength", of: entry, in: 2...126)
            guard let cidr, bits != nil || !reader.has("hostSubnetLength", in: entry) else { continue }
            do {
                ranges.append(try SubnetRange(cidr, hostBits: bits ?? usual))
            } catch {
                let most = cidr.family.bitWidth - cidr.prefixLength
                reader.report(
                    path + ["hostSubnetLength"], "\(bits ?? usual) host bits do not fit into \(cidr)",
                    remedy: most < 2
                        ? "Take a larger network: it has no room for one node's subnet."
                        : "Write 2 to \(min(most, 126)): a node's subnet has 2^hostSubnetLength addresses.")
            }
        }
        return ranges
    }

    /// The key is there so that nobody who writes it believes in an encryption that is none.
    private static func encryption(_ section: DocumentReader.Section, _ reader: inout DocumentReader) {
        guard let wish = reader.text("encryption", of: section), wish != "none" else { return }
        reader.report(
            section.path + ["encryption"], "\"\(wish)\" does not exist: traffic between nodes is VXLAN in clear",
            remedy: "Write none, and encrypt below it (IPsec or WireGuard between the nodes' addresses) if you must.")
    }

    private static func isInterface(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 47 && $0 != 58 }
    }
}
