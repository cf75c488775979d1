import ClusterAPI
import FailoverCompiler
import FailoverModel
import Foundation
import Keepalived
import KeepalivedDriver
import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

/// Nodes on one bridge, each with the real keepalived as the compiler configures it, and a client beside them.
final class FailoverNetwork: Sendable {
    struct Machine: Sendable {
        let name: String
        let namespace: TestNamespace
        let directory: TemporaryDirectory
        let files: FailoverFiles
        let keepalived: KeepalivedDriver
    }

    let bridge: TestNamespace
    let client: TestNamespace
    let machines: [Machine]
    let group: FailoverGroup
    private let pipes: [NamedPipe]

    init(_ group: FailoverGroup, nodes: Int = 3) throws {
        self.group = group
        bridge = try TestNamespace("bridge")
        client = try TestNamespace("client")
        try bridge.run("/usr/sbin/ip", "link", "add", "name", "underlay", "type", "bridge")
        try bridge.run("/usr/sbin/ip", "link", "set", "underlay", "up")
        machines = try (1...nodes).map { number in
            let directory = try TemporaryDirectory()
            let files = try #require(FailoverFiles(directory: directory.path))
            let namespace = try TestNamespace("node\(number)")
            return Machine(
                name: "n\(number)", namespace: namespace, directory: directory, files: files,
                keepalived: KeepalivedDriver(files.place, in: namespace.reference))
        }
        pipes = try machines.map { try NamedPipe($0.files.pipe) }
        for (index, namespace) in ([client] + machines.map(\.namespace)).enumerated() {
            try Self.plug(namespace, number: index, into: bridge)
        }
    }

    /// A test that fails leaves nothing running either.
    deinit {
        for pid in machines.compactMap(\.keepalived.pid) { try? ProcessHandle(pid: pid).send(.terminate) }
    }

    private static func plug(_ namespace: TestNamespace, number: Int, into bridge: TestNamespace) throws {
        try bridge.run(
            "/usr/sbin/ip", "link", "add", "port\(number)", "type", "veth", "peer", "name", "eth0", "netns",
            namespace.name)
        try bridge.run("/usr/sbin/ip", "link", "set", "port\(number)", "master", "underlay", "up")
        _ = try withNetworkNamespace(namespace.reference) { try Sysctl.ensure("net/ipv6/conf/all/accept_dad", "0") }
        try namespace.run("/usr/sbin/ip", "link", "set", "eth0", "up")
        try namespace.run("/usr/sbin/ip", "address", "add", "192.0.2.\(10 + number)/24", "dev", "eth0")
        try namespace.run("/usr/sbin/ip", "address", "add", "fd77::\(10 + number)/64", "dev", "eth0", "nodad")
    }

    private var plan: FailoverPlan {
        let nodes = machines.indices.map { index in
            let addresses = ["192.0.2.\(11 + index)", "fd77::\(11 + index)"]
            return Node(
                metadata: ObjectMeta(name: machines[index].name),
                status: NodeStatus(addresses: addresses.map { NodeAddress(type: "InternalIP", address: $0) }))
        }
        return FailoverPlan([group], nodes: nodes)
    }

    func local(_ index: Int) -> LocalFailover {
        let own = ["192.0.2.\(11 + index)", "fd77::\(11 + index)"].compactMap { IPAddress($0) }
        return plan.local(
            to: machines[index].name,
            interfaces: own.compactMap {
                InterfaceAddress(interface: "eth0", address: $0, prefixLength: $0.family == .v4 ? 24 : 64)
            })
    }

    /// The node that is to hold the first address, by its place in `machines`.
    func first() throws -> Int {
        let name = try #require(plan.groups.first?.addresses.first?.nodes.first)
        return try #require(machines.firstIndex { $0.name == name })
    }

    func start(_ index: Int, key: AuthenticationKey? = nil) async throws {
        let machine = machines[index]
        let local = local(index)
        if local.instances.contains(where: \.isChecked) { try setHealth(index, true) }
        if let table = FailoverTable.table(local) {
            try await NFTablesDriver(in: machine.namespace.reference).apply(
                Transaction.plan(from: nil as ObservedTable?, to: table))
        }
        let keys = key.map { [group.key.name: $0] } ?? [:]
        try await machine.keepalived.apply(
            try #require(FailoverCompiler.configuration(local, machine.files, keys: keys)))
    }

    func setHealth(_ index: Int, _ isWell: Bool) throws {
        try OwnedDescriptor.open(machines[index].files.health(of: group.key.name), for: .overwrite)
            .write(Array((isWell ? "0\n" : "1\n").utf8))
    }

    /// The nodes that have an address, by their places.
    func holders(_ address: IPAddress) throws -> [Int] {
        try machines.indices.filter { index in
            try machines[index].namespace.run("/usr/sbin/ip", "-o", "address", "show", "dev", "eth0")
                .contains(" \(address)/\(address.family.bitWidth) ")
        }
    }

    /// kill -9 of both of keepalived's processes: nothing is given up.
    ///
    /// The first one rests before the second is killed: alone, the second would give its addresses up at once (the kernel tells it of
    /// its parent's death), and the first would start another.
    func kill(_ index: Int) throws {
        let files = machines[index].files
        let handles = try [files.pidFile, files.vrrpPidFile].map { path in
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return try ProcessHandle(pid: #require(Int32(text.filter { !$0.isWhitespace })))
        }
        try handles[0].send(.stop)
        try handles[1].send(.kill)
        try handles[0].send(.kill)
    }

    func remove(_ address: IPAddress, from index: Int) throws {
        try machines[index].namespace.run("/usr/sbin/ip", "address", "del", "\(CIDR(host: address))", "dev", "eth0")
    }

    /// What the node's keepalived said last.
    func log(_ index: Int) -> String {
        let text = try? String(contentsOfFile: machines[index].files.log, encoding: .utf8)
        return (text ?? "").split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    func port(_ index: Int, up: Bool) throws {
        try bridge.run("/usr/sbin/ip", "link", "set", "port\(index + 1)", up ? "up" : "down")
    }

    func end() async throws {
        for machine in machines { try await machine.keepalived.end(within: .seconds(3)) }
    }
}

extension FailoverFiles {
    var place: KeepalivedDriver.Place {
        KeepalivedDriver.Place(
            configuration: configuration, pidFile: pidFile, vrrpPidFile: vrrpPidFile, log: log)
    }
}
