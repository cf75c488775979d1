import ClusterAPI
import DatapathCompiler
import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import NodeModel

/// Times a node's whole way from services to its kernel: reading, compiling, planning, and the kernel's taking it.
///
/// In a network namespace of its own. Meaningful in a release build only.
struct ServiceSyncBenchmark {
    struct Figures: Sendable {
        /// All services and slices into an empty node, until the kernel has them.
        let sync: Duration
        /// One slice with another endpoint, until the kernel has it.
        let change: Percentiles
        /// The kernel's rules compared with what they should be, where nothing differs.
        let look: Percentiles
    }

    static func run(services: Int, endpoints: Int) async throws -> Figures {
        let name = "gbench-services"
        try? NetworkNamespace.delete(named: name)
        try NetworkNamespace.create(named: name)
        defer { try? NetworkNamespace.delete(named: name) }
        var node = Node(driver: NFTablesDriver(in: .named(name)))
        try await node.begin()
        let world = SyntheticServices(endpoints: endpoints)
        let all = (0..<services).map { (world.service($0), world.slice($0)) }
        let clock = ContinuousClock()
        let start = clock.now
        for (service, slice) in all {
            node.model.upsert(service)
            node.model.upsert(slice)
        }
        try await node.settle()
        let sync = start.duration(to: clock.now)
        var changes: [Duration] = []
        for round in 0..<200 {
            let slice = world.slice(round * 37 % services, version: 1 + round / services)
            let start = clock.now
            node.model.upsert(slice)
            try await node.settle()
            changes.append(start.duration(to: clock.now))
        }
        var looks: [Duration] = []
        for _ in 0..<20 {
            let start = clock.now
            try await node.look()
            looks.append(start.duration(to: clock.now))
        }
        return Figures(sync: sync, change: Percentiles(changes), look: Percentiles(looks))
    }

    /// A node with its compiler and its kernel, as the agent has them.
    private struct Node {
        let driver: NFTablesDriver
        var model = NodeModel(nodeName: "node-0")
        var compiler = DatapathCompiler()
        var applied: Datapath

        init(driver: NFTablesDriver) {
            self.driver = driver
            applied = compiler.datapath
        }

        /// An empty node: the tables, without services.
        mutating func begin() async throws {
            var network = ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 9)])
            network.serviceNetwork = "172.30.0.0/16"
            model.upsert(network)
            let changes = model.settle()
            _ = compiler.update(model.state, changes)
            try await driver.apply(Transaction.plan(from: Table?.none, to: compiler.datapath.table))
            applied = compiler.datapath
        }

        func look() async throws {
            let table = compiler.datapath.table
            let plan = Transaction.plan(from: try await driver.observe(table.family, table.name), to: table)
            guard plan.isEmpty else {
                throw CommandFailure("the kernel has something else than was put into it: \(plan.lines.prefix(3))")
            }
        }

        mutating func settle() async throws {
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            try await driver.apply(delta.transaction(from: applied.table, to: compiler.datapath.table))
            applied = compiler.datapath
        }
    }
}
