import AddressAllocation
package import ClusterAPI
import NetworkTypes

extension InstallationConfiguration {
    /// What reading a document came to: a configuration that can be installed, or everything that is wrong with it.
    package enum Outcome: Hashable, Sendable {
        case valid(InstallationConfiguration)
        case faulty([InstallationFault])
    }

    /// - Parameter version: of the program; its image is the default.
    package static func read(_ document: JSONValue, version: String) -> Outcome {
        var reader = DocumentReader()
        let configuration = read(document, version: version, &reader)
        guard reader.faults.isEmpty, let configuration else { return .faulty(reader.faults) }
        let faults = configuration.faults
        return faults.isEmpty ? .valid(configuration) : .faulty(faults)
    }

    private static let keys = [
        "apiVersion", "kind", "namespace", "apiServer", "image", "imagePullPolicy", "components", "network", "names",
        "dns", "failover", "controller", "agent", "cni",
    ]

    private static func read(
        _ document: JSONValue, version: String, _ reader: inout DocumentReader
    ) -> InstallationConfiguration? {
        let root = reader.section(document, at: [], keys: keys)
        reader.require("apiServer", of: root, like: "192.0.2.10:6443, where every node reaches it")
        reader.require("network", of: root, like: "{pods: [{cidr: 10.128.0.0/14, hostSubnetLength: 9}]}")
        let apiServer = reader.parsed("apiServer", of: root, as: "a host and a port", like: "192.0.2.10:6443") {
            Endpoint($0)
        }
        let network = network(root, &reader)
        guard let apiServer, let network else { return nil }
        let image = reader.text("image", of: root) ?? "gabion.io/gabion:\(version)"
        var result = InstallationConfiguration(apiServer: apiServer, image: image, network: network)
        if let name = reader.text("namespace", of: root) { result.namespace = name }
        if let policy = word("imagePullPolicy", root, PullPolicy.self, &reader) { result.pullPolicy = policy }
        if reader.has("components", in: root) {
            let words = Component.allCases.map(\.rawValue).joined(separator: ", ")
            result.components = Set(
                reader.list(
                    "components", of: root, as: "a component (\(words); agent and controller always run)",
                    like: "egress"
                ) { Component(rawValue: $0) })
        }
        read(root, into: &result, &reader)
        return result
    }

    private static func read(
        _ root: DocumentReader.Section, into result: inout InstallationConfiguration, _ reader: inout DocumentReader
    ) {
        let names = reader.section("names", of: root, keys: ["servers", "zone"])
        result.names.servers = reader.list("servers", of: names, as: "an address", like: "192.0.2.53") { IPAddress($0) }
        if let zone = reader.text("zone", of: names) { result.names.zone = zone }
        if reader.has("dns", in: root) {
            let dns = reader.section("dns", of: root, keys: ["address", "upstreams"])
            reader.require("address", of: dns, like: "10.96.0.10, the clusterDNS of the kubelets")
            let address = reader.parsed("address", of: dns, as: "an address", like: "10.96.0.10") { IPAddress($0) }
            result.dns = address.map { NameServer(address: $0) }
            result.dns?.upstreams = reader.list("upstreams", of: dns, as: "an address", like: "192.0.2.53") {
                IPAddress($0)
            }
        }
        readFailover(root, into: &result, &reader)
        let controller = reader.section("controller", of: root, keys: ["replicas"])
        if let replicas = reader.number("replicas", of: controller, in: 1...5) { result.controllerReplicas = replicas }
        let agent = reader.section("agent", of: root, keys: ["maxUnavailable"])
        if let share = reader.parsed("maxUnavailable", of: agent, as: "a number or a share", like: "\"10%\"", share) {
            result.maxUnavailable = share
        }
        let plugin = reader.section("cni", of: root, keys: ["programs", "configuration"])
        let folder = { (text: String) -> String? in isFolder(text) ? text : nil }
        result.plugin.programs =
            reader.parsed("programs", of: plugin, as: "an absolute path", like: "/opt/cni/bin", folder)
            ?? result.plugin.programs
        result.plugin.configuration =
            reader.parsed("configuration", of: plugin, as: "an absolute path", like: "/etc/cni/net.d", folder)
            ?? result.plugin.configuration
    }

    private static func readFailover(
        _ root: DocumentReader.Section, into result: inout InstallationConfiguration, _ reader: inout DocumentReader
    ) {
        guard reader.has("failover", in: root) || result.components.contains(.failover) else { return }
        let section = reader.section("failover", of: root, keys: ["image", "maxUnavailable", "secrets"])
        let image = reader.text("image", of: section) ?? ImageReference.sibling("-failover", of: result.image)
        var failover = Failover(image: image)
        if let share = reader.parsed("maxUnavailable", of: section, as: "a number or a share", like: "1", share) {
            failover.maxUnavailable = share
        }
        let (kind, example) = ("the name of a Secret for FailoverGroups", "\(FailoverGroup.secretPrefix)edge")
        failover.secrets = reader.list("secrets", of: section, as: kind, like: example) {
            $0.hasPrefix(FailoverGroup.secretPrefix) && ObjectNames.isSubdomain($0) ? $0 : nil
        }
        result.failover = failover
    }

    static func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _ section: DocumentReader.Section, _ type: Word.Type, _ reader: inout DocumentReader
    ) -> Word? where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue)
        return reader.parsed(
            key, of: section, as: "one of \(words.joined(separator: ", "))", like: words.first ?? ""
        ) { Word(rawValue: $0) }
    }

    private static func share(_ text: String) -> String? {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let number = Int(digits), digits.allSatisfy(\.isNumber), number > 0 else { return nil }
        return !text.hasSuffix("%") || number <= 100 ? text : nil
    }

    private static func isFolder(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return text.hasPrefix("/") && !parts.contains { $0.isEmpty || $0 == ".." || $0 == "." }
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

extension InstallationConfiguration.Endpoint {
    /// `192.0.2.10:6443`, `[2001:db8::10]:6443`, `api.example:6443`.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard IPAddress(host)?.family == .v6 else { return nil }
        } else {
            guard !host.contains(":") else { return nil }
            let looksLikeAddress = host.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
            guard IPAddress(host) != nil || (!looksLikeAddress && DomainName(host).map { !$0.isRoot } == true) else {
                return nil
            }
        }
        self.init(host: host, port: port)
    }
}
