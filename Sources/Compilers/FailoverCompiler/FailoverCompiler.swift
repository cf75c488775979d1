package import FailoverModel
package import Keepalived
package import NetworkTypes

/// One node's failover → keepalived.conf and a table of nftables.
package enum FailoverCompiler {
    /// The name of an address's virtual router in keepalived.
    package static func instanceName(_ address: IPAddress) -> Word { Word("vip-\(address)") }

    /// Nil when there is nothing for keepalived to do.
    ///
    /// - Parameter keys: by group; a group that is to be signed and has no key is left out.
    package static func configuration(
        _ local: LocalFailover, _ files: FailoverFiles, keys: [String: AuthenticationKey] = [:]
    ) -> KeepalivedConfiguration? {
        let instances = local.instances.compactMap { instance(of: $0, keys[$0.group]) }
        guard !instances.isEmpty, let pipe = QuotedPath(files.pipe) else { return nil }
        let tracked = Set(instances.compactMap(\.trackFile))
        let trackFiles = local.checks.keys.sorted().compactMap { group in
            QuotedPath(files.health(of: group)).map {
                KeepalivedConfiguration.TrackFile(name: healthName(group), path: $0)
            }
        }
        return KeepalivedConfiguration(
            notifyPipe: pipe, trackFiles: trackFiles.filter { tracked.contains($0.name) }, instances: instances)
    }

    private static func healthName(_ group: String) -> Word { Word("health-" + group.stableHash) }

    private static func instance(
        of local: LocalFailover.Instance, _ key: AuthenticationKey?
    ) -> KeepalivedConfiguration.Instance? {
        if local.isAuthenticated, key == nil { return nil }
        let (seconds, attoseconds) = local.advertInterval.components
        let hundredths = Int(seconds) * 100 + Int(attoseconds / 10_000_000_000_000_000)
        var version = KeepalivedConfiguration.ProtocolVersion.three(hundredths: hundredths)
        // VRRP of IPv6 has no authentication.
        if local.isAuthenticated, let key, local.address.family == .v4 {
            version = .twoSigned(seconds: (hundredths + 99) / 100, key)
        }
        return KeepalivedConfiguration.Instance(
            name: instanceName(local.address), routerID: local.routerID, priority: local.priority,
            interface: Word(local.interface), source: local.source, peers: local.peers, protocolVersion: version,
            preemptDelay: min(local.preemptDelay, 1_000), address: local.address,
            addressInterface: Word(local.addressInterface),
            trackFile: local.isChecked ? healthName(local.group) : nil)
    }
}
