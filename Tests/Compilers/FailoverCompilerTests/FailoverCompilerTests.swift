import ClusterAPI
import FailoverCompiler
import FailoverModel
import Keepalived
import NFTables
import NetworkTypes
import Testing

@Suite struct FailoverCompilerTests {
    static func local(_ change: (inout FailoverGroupSpec) -> Void = { _ in }) -> LocalFailover {
        var spec = FailoverGroupSpec(addresses: ["192.0.2.100", "fd77::100"])
        change(&spec)
        let nodes = (1...2).map { number in
            Node(
                metadata: ObjectMeta(name: "n\(number)"),
                status: NodeStatus(
                    addresses: ["192.0.2.\(number)", "fd77::\(number)"].map {
                        NodeAddress(type: "InternalIP", address: $0)
                    }))
        }
        let interfaces = [("192.0.2.1", 24), ("fd77::1", 64)].compactMap { text, length in
            IPAddress(text).flatMap { InterfaceAddress(interface: "eth0", address: $0, prefixLength: length) }
        }
        return FailoverPlan([FailoverGroup(name: "g", spec: spec)], nodes: nodes)
            .local(to: "n1", interfaces: interfaces)
    }

    static let files = FailoverFiles(directory: "/run/x")

    @Test("with a key IPv4 is signed, in whole seconds, and IPv6, which cannot be, keeps its pace")
    func signed() throws {
        let files = try #require(Self.files)
        let local = Self.local {
            $0.authSecretName = "gabion-failover-x"
            $0.advertIntervalMilliseconds = 1_200
        }
        let key = AuthenticationKey(secret: [1, 2, 3])
        let configuration = try #require(FailoverCompiler.configuration(local, files, keys: ["g": key]))
        #expect(
            configuration.instances.map(\.protocolVersion) == [.twoSigned(seconds: 2, key), .three(hundredths: 120)])
    }

    @Test("a group that is to be signed and has no key is left out, whole")
    func unsigned() throws {
        let local = Self.local { $0.authSecretName = "gabion-failover-x" }
        #expect(FailoverCompiler.configuration(local, try #require(Self.files)) == nil)
    }

    @Test("only a group with a check is tracked, by its own file")
    func tracked() throws {
        let files = try #require(Self.files)
        let plain = try #require(FailoverCompiler.configuration(Self.local(), files))
        #expect(plain.trackFiles.isEmpty && plain.instances.allSatisfy { $0.trackFile == nil })
        let checked = Self.local { $0.healthCheck = FailoverHealthCheck(http: FailoverHTTPCheck(port: 80)) }
        let configuration = try #require(FailoverCompiler.configuration(checked, files))
        #expect(configuration.trackFiles.map(\.path.text) == [files.health(of: "g")])
        #expect(Set(configuration.instances.map(\.trackFile)) == [configuration.trackFiles.first?.name])
    }

    @Test("the rules know the peers, the addresses and the open ports, and nothing is there without addresses")
    func table() throws {
        let table = try #require(FailoverTable.table(Self.local { $0.ports = [FailoverPort(53, protocol: "UDP")] }))
        #expect(
            table.sets["vrrp_peers4"]?.elements == ElementKey.addresses([IPAddress("192.0.2.2")].compactMap(\.self)))
        #expect(table.sets["addresses6"]?.elements == ElementKey.addresses([IPAddress("fd77::100")].compactMap(\.self)))
        #expect(table.sets["open_ports4"]?.elements.count == 1 && table.sets["open_ports6"]?.elements.count == 1)
        #expect(FailoverTable.table(LocalFailover()) == nil)
    }

    @Test("directories that keepalived would misread are none", arguments: ["relative", "/run/a\"b", "/run/$x"])
    func directory(path: String) { #expect(FailoverFiles(directory: path) == nil) }
}
