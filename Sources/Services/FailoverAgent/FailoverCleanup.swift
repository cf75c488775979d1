package import FailoverCompiler
import FoundationEssentials
import Keepalived
import KeepalivedDriver
import LinkState
import LinuxSystem
import NFTables
import NFTablesDriver
import RoutingDriver

/// Takes everything of failover off a node: keepalived, the addresses, the rules and the files.
package enum FailoverCleanup {
    package static func run(_ files: FailoverFiles) async throws {
        let keepalived = KeepalivedDriver(files.place)
        try await keepalived.end()
        let places = Set(KeepalivedConfiguration.addresses(in: keepalived.written() ?? ""))
        let routing = try Rtnetlink()
        let left = try routing.observe(.prefix("")).addresses.filter { address in
            places.contains { $0.address == address.address && $0.interface == address.device }
        }
        try routing.apply(left.map { LinkChange.removeAddress($0) })
        try await NFTablesDriver().deleteTable(.inet, FailoverTable.name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: files.directory)) ?? []
        let ours = ["keepalived.conf", "keepalived.conf.new", "keepalived.pid", "vrrp.pid", "keepalived.log", "notify"]
        for name in names where ours.contains(name) || name.hasPrefix("health-") {
            try FileManager.default.removeItem(atPath: files.directory + "/" + name)
        }
        if (try? FileManager.default.contentsOfDirectory(atPath: files.directory))?.isEmpty == true {
            try FileManager.default.removeItem(atPath: files.directory)
        }
    }
}
