package import NetworkTypes

/// The addresses at which clouds tell machines who they are and hand them credentials: closed to pods, but for those that
/// a MetadataAccess selects (`docs/design/metadata-guard.md`).
package enum MetadataGuard {
    /// Name service at the same addresses stays open: some clouds have their resolvers there.
    package static let openPort: UInt16 = 53

    /// AWS, Azure, Google, OpenStack and most others; ECS tasks' credentials; Alibaba; Oracle's first cloud; Azure's wire
    /// server; AWS and Google by IPv6.
    package static let addresses: Set<IPAddress> = Set(
        [
            "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",
            "fd20:ce::254",
        ].compactMap { IPAddress($0) })

    /// Whether a pod needs a MetadataAccess for this.
    package static func closes(_ destination: IPAddress?, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard let destination, addresses.contains(destination) else { return false }
        return !((transport == .tcp || transport == .udp) && port == openPort)
    }
}
