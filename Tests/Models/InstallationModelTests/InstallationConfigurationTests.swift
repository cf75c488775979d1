import AddressAllocation
import ClusterAPI
import InstallationModel
import NetworkTypes
import Testing

@Suite("the configuration of an installation")
struct InstallationConfigurationTests {
    static let least: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "Installation", "apiServer": "192.0.2.10:6443",
        "network": ["pods": [["cidr": "10.128.0.0/14", "hostSubnetLength": 9]], "services": ["10.96.0.0/16"]],
    ]

    private static func faults(_ document: JSONValue) -> [InstallationFault] {
        if case .faulty(let faults) = InstallationConfiguration.read(document, version: "0.1.0") { faults } else { [] }
    }

    private static func valid(_ document: JSONValue) throws -> InstallationConfiguration {
        let outcome = InstallationConfiguration.read(document, version: "0.1.0")
        guard case .valid(let configuration) = outcome else {
            Issue.record("\(outcome)")
            throw CancellationError()
        }
        return configuration
    }

    /// The least document with one key set.
    private static func with(_ path: [String], _ value: JSONValue) -> JSONValue {
        func set(_ object: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
            guard let key = path.first else { return value }
            var changed = object
            changed[key] = set(object[key] ?? [:], path.dropFirst())
            return changed
        }
        return set(least, path[...])
    }

    @Test("the least one is valid, and everything else has its default")
    func least() throws {
        let configuration = try Self.valid(Self.least)
        #expect(configuration.image == "gabion.io/gabion:0.1.0")
        #expect(configuration.namespace == "gabion-system")
        #expect(configuration.components == [.names, .egress])
        #expect(configuration.dns == nil)
        #expect(configuration.failover == nil)
        #expect(configuration.network.mode == .networkPolicy)
        #expect(configuration.maxUnavailable == "1")
        #expect(configuration.controllerReplicas == 2)
        #expect(configuration.apiServer == .init(host: "192.0.2.10", port: 6443))
    }

    @Test("every key reaches its place")
    func keys() throws {
        var document = Self.least
        document["components"] = ["dns"]
        document["dns"] = ["address": "10.96.0.10", "upstreams": ["192.0.2.53"]]
        document["names"] = ["zone": "example.org"]
        document["agent"] = ["maxUnavailable": 3]
        document["controller"] = ["replicas": 1]
        document["cni"] = ["programs": "/usr/lib/cni", "configuration": "/etc/cni"]
        document["imagePullPolicy"] = "Never"
        document["image"] = .string("registry.example:5000/net/gabion@sha256:" + String(repeating: "a", count: 64))
        document["network"]?["mode"] = "multitenant"
        document["network"]?["mtu"] = 8950
        document["network"]?["vxlanPort"] = 8472
        document["network"]?["underlayInterface"] = "eth1"
        document["network"]?["encryption"] = "none"
        document["network"]?["nodePortAddresses"] = ["192.0.2.0/24"]
        let configuration = try Self.valid(document)
        #expect(configuration.components == [.dns])
        #expect(configuration.dns?.upstreams.map(\.description) == ["192.0.2.53"])
        #expect(configuration.names.zone == "example.org")
        #expect(configuration.maxUnavailable == "3")
        #expect(configuration.controllerReplicas == 1)
        #expect(configuration.plugin.programs == "/usr/lib/cni")
        #expect(configuration.plugin.configuration == "/etc/cni")
        #expect(configuration.pullPolicy == .never)
        #expect(configuration.network.mode == .multitenant)
        #expect(configuration.network.mtu == 8950)
        #expect(configuration.network.vxlanPort == 8472)
        #expect(configuration.network.underlayInterface == "eth1")
        #expect(configuration.network.nodePortAddresses.map(\.description) == ["192.0.2.0/24"])
    }

    @Test("both families, and IPv6 alone, can be installed")
    func families() throws {
        var document = Self.least
        document["network"] = [
            "pods": [["cidr": "10.128.0.0/14"], ["cidr": "fd00:1::/48"]], "services": ["10.96.0.0/16", "fd00:2::/112"],
        ]
        #expect(try Self.valid(document).network.pods.map(\.hostBits) == [9, 64])
        document["network"] = ["pods": [["cidr": "fd00:1::/48"]], "services": ["fd00:2::/112"]]
        document["apiServer"] = "[2001:db8::10]:6443"
        #expect(try Self.valid(document).apiServer.host == "2001:db8::10")
    }

    /// A key, a value that it must not have, the key that the fault names, and a part of why.
    static let bad: [(path: [String], value: JSONValue, key: String, reason: String)] = [
        (["colour"], "red", "colour", "no such key"),
        (["network", "pod"], [], "network.pod", "no such key"),
        (["network"], "10.0.0.0/8", "network", "must hold keys"),
        (["apiServer"], "192.0.2.10", "apiServer", "is not a host and a port"),
        (["apiServer"], "1.2.3:80", "apiServer", "is not a host and a port"),
        (["apiServer"], "10.128.3.4:6443", "apiServer", "network.pods[0].cidr"),
        (["apiServer"], "10.96.0.1:443", "apiServer", "network.services[0]"),
        (["image"], "gabion.io/gabion", "image", "names no version"),
        (["image"], "gabion.io/gabion:latest", "image", "another version every day"),
        (["image"], "Gabion:1", "image", "is no name"),
        (["image"], "registry:5000/gabion", "image", "names no version"),
        (["imagePullPolicy"], "Sometimes", "imagePullPolicy", "is not one of Always"),
        (["namespace"], "Gabion_System", "namespace", "no name of a namespace"),
        (["components"], ["router"], "components[0]", "is not a component"),
        (["components"], "egress", "components", "must be a list"),
        (["components"], ["dns"], "dns.address", "is missing"),
        (["dns"], ["address": "10.96.0.10"], "dns", "components has no dns"),
        (["failover"], ["image": "gabion.io/gabion-failover:1"], "failover", "components has no failover"),
        (["failover"], ["pace": 1], "failover.pace", "no such key"),
        (["failover"], ["maxUnavailable": 0], "failover.maxUnavailable", "is not a number or a share"),
        (["names"], ["servers": ["a"]], "names.servers[0]", "is not an address"),
        (["names"], ["zone": "a..b"], "names.zone", "is no domain"),
        (["network", "services"], ["10.96.0.0"], "network.services[0]", "is not a network"),
        (["network", "services"], ["10.128.0.0/16"], "network.services[0]", "overlaps network.pods[0].cidr"),
        (["network", "services"], ["fd00::/112"], "network.services[0]", "pods have no IPv6"),
        (["network", "services"], ["10.96.0.0/16", "10.97.0.0/16"], "network.services[1]", "a second one"),
        (["network", "services"], [], "network.services", "no network"),
        (["network", "nodes"], ["10.96.4.0/24"], "network.nodes[0]", "overlaps network.services[0]"),
        (["network", "pods"], [], "network.pods", "no network"),
        (
            ["network", "pods"], [["cidr": "10.0.0.0/20", "hostSubnetLength": 9]], "network.pods[0].hostSubnetLength",
            "8 subnets"
        ),
        (
            ["network", "pods"], [["cidr": "10.0.0.0/14", "hostSubnetLength": 6]], "network.pods[0].hostSubnetLength",
            "62 addresses"
        ),
        (
            ["network", "pods"], [["cidr": "10.0.0.0/24", "hostSubnetLength": 9]], "network.pods[0].hostSubnetLength",
            "do not fit"
        ),
        (["network", "pods"], [["hostSubnetLength": 9]], "network.pods[0].cidr", "is missing"),
        (["network", "pods"], [["cidr": "10.0.0.0/14"], ["cidr": "10.1.0.0/16"]], "network.pods[1].cidr", "overlaps"),
        (["network", "mode"], "open", "network.mode", "is not one of"),
        (["network", "mtu"], 100, "network.mtu", "is not between"),
        (["network", "mtu"], "big", "network.mtu", "is not between"),
        (["network", "vxlanPort"], 0, "network.vxlanPort", "is not between"),
        (["network", "encryption"], "wireguard", "network.encryption", "does not exist"),
        (["network", "underlayInterface"], "a/b", "network.underlayInterface", "is not the name of an interface"),
        (["controller"], ["replicas": 0], "controller.replicas", "is not between"),
        (["agent"], ["maxUnavailable": "0"], "agent.maxUnavailable", "is not a number or a share"),
        (["agent"], ["maxUnavailable": "120%"], "agent.maxUnavailable", "is not a number or a share"),
        (["cni"], ["programs": "opt/cni"], "cni.programs", "is not an absolute path"),
        (["cni"], ["configuration": "/etc/../tmp"], "cni.configuration", "is not an absolute path"),
    ]

    @Test("what cannot be is refused: the key, why, and what to do", arguments: bad.indices)
    func refused(index: Int) throws {
        let row = Self.bad[index]
        let faults = Self.faults(Self.with(row.path, row.value))
        let fault = try #require(faults.first { $0.key == row.key }, "\(faults)")
        #expect(fault.problem.contains(row.reason), "\(fault.problem)")
        #expect(fault.remedy.hasSuffix("."), "\(fault.remedy)")
    }

    /// Addresses of the name server that its service cannot have.
    @Test(
        "the name server has a free address of the services",
        arguments: [
            ("10.97.0.10", "in no network of services"), ("10.96.0.1", "the service kubernetes'"),
            ("10.96.0.0", "first or last"), ("10.96.255.255", "first or last"),
            ("fd00::a", "in no network of services"),
        ])
    func nameServer(address: String, reason: String) throws {
        var document = Self.with(["components"], ["dns"])
        document["dns"] = ["address": .string(address)]
        let fault = try #require(Self.faults(document).first)
        #expect(fault.key == "dns.address")
        #expect(fault.problem.contains(reason), "\(fault.problem)")
    }

    /// What image is, what failover says of its own (nil: nothing), and which is taken.
    static let images: [(image: String, own: String?, taken: String)] = [
        ("gabion.io/gabion:0.1.0", nil, "gabion.io/gabion-failover:0.1.0"),
        ("registry:5000/net/gabion:2", nil, "registry:5000/net/gabion-failover:2"),
        ("gabion.io/gabion:0.1.0", "elsewhere/both:1", "elsewhere/both:1"),
        ("gabion@sha256:" + String(repeating: "a", count: 64), "elsewhere/both:1", "elsewhere/both:1"),
    ]

    @Test("failover has the image beside the other, or the one that is named", arguments: images.indices)
    func failoverImage(index: Int) throws {
        let row = Self.images[index]
        var document = Self.with(["components"], ["failover"])
        document["image"] = .string(row.image)
        if let own = row.own { document["failover"] = ["image": .string(own)] }
        let failover = try #require(try Self.valid(document).failover)
        #expect(failover.image == row.taken)
        #expect(failover.maxUnavailable == "1")
    }

    @Test("a digest tells of no other image, a bad image is told once, and a bad one of failover by its key")
    func failoverFaults() throws {
        var document = Self.with(["components"], ["failover"])
        document["image"] = .string("gabion:1@sha256:" + String(repeating: "a", count: 64))
        let fault = try #require(Self.faults(document).first)
        #expect(fault.key == "failover.image" && fault.problem.contains("is missing"), "\(fault)")
        document["image"] = "gabion"
        #expect(Self.faults(document).map(\.key) == ["image"])
        document["image"] = "gabion:1"
        document["failover"] = ["image": "gabion-failover:latest"]
        #expect(Self.faults(document).map(\.key) == ["failover.image"])
        // Nobody gets a right to any other Secret by this file.
        for name in ["etcd-key", "gabion-failover-A", "gabion-failover-", "gabion-failover-a..b"] {
            document["failover"] = ["secrets": [.string(name)]]
            #expect(Self.faults(document).map(\.key) == ["failover.secrets[0]"], "\(name)")
        }
        document["failover"] = ["secrets": ["gabion-failover-edge"]]
        #expect(try Self.valid(document).failover?.secrets == ["gabion-failover-edge"])
    }

    @Test("a name server that asks itself is refused")
    func circle() throws {
        var document = Self.with(["components"], ["dns"])
        document["dns"] = ["address": "10.96.0.10", "upstreams": ["192.0.2.1", "10.96.0.10"]]
        #expect(Self.faults(document).map(\.key) == ["dns.upstreams[1]"])
    }

    @Test("IPv6 needs packets of 1280 bytes")
    func mtu() {
        var document = Self.least
        document["network"] = ["pods": [["cidr": "fd00:1::/48"]], "services": ["fd00:2::/112"], "mtu": 1000]
        #expect(Self.faults(document).map(\.key) == ["network.mtu"])
    }

    @Test("what is missing is told, all of it at once")
    func missing() {
        let keys = Self.faults(["apiVersion": "gabion.io/v1", "kind": "Installation"]).map(\.key)
        #expect(keys == ["apiServer", "network"])
    }
}
