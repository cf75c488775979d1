import CNISpec
import ClusterAPI

/// The annotations by which a pod asks for a bandwidth, read as a kubelet and its runtime do.
enum BandwidthAnnotations {
    /// What the runtime tells the plugin; nil for a pod that asks for nothing.
    ///
    /// - Throws: what is no quantity, and rates that a kubelet refuses (less than 1k, more than 1P).
    static func read(_ pod: Pod) throws(LabError) -> NetworkConfiguration.Bandwidth? {
        let ingress = try rate("kubernetes.io/ingress-bandwidth", pod)
        let egress = try rate("kubernetes.io/egress-bandwidth", pod)
        if ingress == nil, egress == nil { return nil }
        return NetworkConfiguration.Bandwidth(ingressRate: ingress, egressRate: egress)
    }

    private static func rate(_ annotation: String, _ pod: Pod) throws(LabError) -> UInt64? {
        guard let text = pod.metadata.annotations?[annotation] else { return nil }
        guard let rate = Quantity(text)?.value, limits.contains(rate) else {
            throw LabError(
                "pod \(pod.key): \(annotation) is '\(text)': give bits per second from 1k to 1P, such as 10M")
        }
        return rate
    }

    private static let limits: ClosedRange<UInt64> = 1000...1_000_000_000_000_000
}
