import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import Testing
import ToolRunner

@Suite("Speed", .serialized)
struct SpeedTests {
    /// 1,000 pods with a chain each and a set of 5,000 addresses.
    static func large() -> Table {
        var table = Table(.inet, "large_1")
        var pods = NamedMap(.ipv4Address)
        for index in 0..<1000 {
            let chain = Name("pod_\(index)")
            let rules = (0..<4).map {
                Rule(id: "\(index)/\($0)", .lookup([.sourceAddress(.v4)], "peers_1"), .verdict(.accept))
            }
            table.chains[chain] = Chain(rules: rules)
            pods.elements[ElementKey(.address(IPAddress(v4: 0x0A00_0000 + UInt32(index))))] = .verdict(.goto(chain))
        }
        table.maps["pods_1"] = pods
        let peers = (0..<5000).map { IPAddress(v4: 0x0A01_0000 + UInt32($0) * 2) }
        table.sets["peers_1"] = NamedSet(.ipv4Address, elements: ElementKey.addresses(peers))
        return table
    }

    @Test("a change of one element among 1,000 chains and 5,000 elements is planned in little time")
    func planning() throws {
        let before = Self.large()
        var after = before
        after.sets["peers_1"]?.elements.insert(ElementKey(.address(IPAddress(v4: 1))))
        var best = Duration.seconds(10)
        for _ in 0..<20 {
            var plan: Transaction?
            best = min(best, ContinuousClock().measure { plan = .plan(from: before, to: after) })
            #expect(plan?.operations.count == 1)
        }
        print("measured: plan of one element \(best)")
        // A tenth of this in a release build.
        #expect(best < .milliseconds(100))
    }

    @Test("an element is changed by text and by netlink")
    func applying() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let table = Self.large()
            let clock = ContinuousClock()
            let whole = try await clock.measure { try await driver.apply(.plan(from: nil as Table?, to: table)) }
            let listing = try await clock.measure { _ = try await driver.observe(.inet, table.name) }
            let definition = try #require(table.sets["peers_1"]?.definition)
            var byText: [Duration] = []
            var byNetlink: [Duration] = []
            for index in 0..<20 {
                var transaction = Transaction(.inet, table.name)
                transaction.add([ElementKey(.address(IPAddress(v4: UInt32(index) + 1)))], to: "peers_1", definition)
                byText.append(try await clock.measure { try await driver.applyText(transaction) })
                transaction = Transaction(.inet, table.name)
                transaction.delete(
                    [ElementKey(.address(IPAddress(v4: UInt32(index) + 1)))], from: "peers_1", definition)
                byNetlink.append(try await clock.measure { try await driver.apply(transaction) })
            }
            let spawning = try await clock.measure { try await ToolRunner().run("true") }
            print("measured: whole table \(whole), listing \(listing), program \(spawning)")
            print("measured: one element by text \(byText.sorted()[10]), by netlink \(byNetlink.sorted()[10])")
            #expect(byNetlink.sorted()[10] < byText.sorted()[10])
        }
    }
}
