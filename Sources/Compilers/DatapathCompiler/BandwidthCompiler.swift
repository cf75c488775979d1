import LinkState
import NodeModel

/// A pod's bandwidth as queues: of its interface for what goes to it, of a link beside it for what comes from it.
///
/// The kernel shapes what leaves by a link only; so what comes in by the pod's interface leaves by an `ifb` first. The
/// rules see it after that, with the pod's interface as where it came in.
enum BandwidthCompiler {
    static func addShaping(of pod: PodAttachment, mtu: Int, to links: inout LinkState) {
        if let limit = pod.bandwidth.ingress { links.shapers.insert(shaper(pod.interface, limit, mtu)) }
        guard let limit = pod.bandwidth.egress else { return }
        let queue = KernelNames.queue(of: pod.interface)
        links.add(LinkState.Link(name: queue, kind: .queue, alias: "gabion \(pod.pod) egress"))
        links.shapers.insert(shaper(queue, limit, mtu))
        links.redirects.insert(LinkState.Redirect(from: pod.interface, to: queue))
    }

    private static func shaper(_ device: String, _ limit: PodBandwidth.Limit, _ mtu: Int) -> LinkState.Shaper {
        let rate = limit.bitsPerSecond / 8
        // 20 ms at full speed, and at least a packet as large as the stack makes them, which passes without being cut.
        let burst = limit.burstBits.map { $0 / 8 } ?? max(rate / 50, largestPacket)
        // What a packet takes at least, its Ethernet header included: with less nothing would ever pass.
        return LinkState.Shaper(device: device, rate: rate, burst: max(burst, UInt64(mtu) + 64))
    }

    /// Bytes; the largest that segmentation offload makes (GSO_MAX_SIZE), with room for headers.
    private static let largestPacket: UInt64 = 65_536 + 512
}
