import CNISpec
import NodeModel

extension PodBandwidth {
    /// From `bandwidth` of the runtime; a rate of 0 limits nothing, as in the CNI project's own plugin.
    ///
    /// - Throws: code 7 for a rate at which nothing would get through.
    init(_ asked: NetworkConfiguration.Bandwidth?) throws(PluginError) {
        self.init(
            ingress: try Self.limit("ingress", asked?.ingressRate, asked?.ingressBurst),
            egress: try Self.limit("egress", asked?.egressRate, asked?.egressBurst))
    }

    private static func limit(
        _ direction: String, _ rate: UInt64?, _ burst: UInt64?
    ) throws(PluginError) -> Limit? {
        guard let rate, rate > 0 else { return nil }
        guard rate >= slowest else {
            throw PluginError(
                .invalidConfiguration, "bandwidth: \(direction)Rate of \(rate) bits per second",
                details: "Kubernetes takes rates from 1k: give kubernetes.io/\(direction)-bandwidth as 10M, say")
        }
        // Runtimes that know of no burst pass the largest number that fits: as a burst it would be no limit at all.
        let isGiven = burst.map { $0 > 0 && $0 < UInt64(Int32.max) } ?? false
        return Limit(bitsPerSecond: rate, burstBits: isGiven ? burst : nil)
    }

    /// Bits per second.
    private static let slowest: UInt64 = 1000
}
