import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Speed", .serialized, .requiresRoot)
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

    /// A chain with a rule comes, and a pod is led there: the medians of ten.
    private func policyChange(
        _ driver: NFTablesDriver, _ table: Table
    ) async throws -> (text: Duration, netlink: Duration) {
        var times: [[Duration]] = [[], []]
        let key = ElementKey(.address(IPAddress(v4: 9)))
        for index in 0..<20 {
            var changed = table
            let chain = Name("new_\(index)")
            changed.chains[chain] = Chain(rules: [
                Rule(id: "new", .lookup([.sourceAddress(.v4)], "peers_1"), .counter, .verdict(.drop))
            ])
            changed.maps["pods_1"]?.elements[key] = .verdict(.goto(chain))
            let coming = Transaction.plan(from: table, to: changed)
            let going = Transaction.plan(from: changed, to: table)
            times[index % 2].append(
                try await ContinuousClock().measure {
                    if index % 2 == 0 { try await driver.applyText(coming) } else { try await driver.apply(coming) }
                })
            #expect(try await driver.apply(going) == .netlink)
        }
        return (times[0].sorted()[5], times[1].sorted()[5])
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
            let policy = try await policyChange(driver, table)
            let spawning = try await clock.measure { try await ToolRunner().run("true") }
            print("measured: whole table \(whole), listing \(listing), program \(spawning)")
            print("measured: one element by text \(byText.sorted()[10]), by netlink \(byNetlink.sorted()[10])")
            print("measured: a policy's chain by text \(policy.text), by netlink \(policy.netlink)")
            #expect(byNetlink.sorted()[10] < byText.sorted()[10])
        }
    }
}
