/// What a pod's traffic is held to, as its runtime asked with CNI ADD (`bandwidth`, from the pod's annotations
/// `kubernetes.io/ingress-bandwidth` and `egress-bandwidth`).
package struct PodBandwidth: Hashable, Sendable, Codable {
    /// Towards the pod; nil: as much as there is.
    package var ingress: Limit?
    /// From the pod; nil: as much as there is.
    package var egress: Limit?

    package init(ingress: Limit? = nil, egress: Limit? = nil) {
        self.ingress = ingress
        self.egress = egress
    }

    package static let unlimited = PodBandwidth()

    /// A token bucket: a rate in the long run, and what may pass at once.
    package struct Limit: Hashable, Sendable, Codable {
        package var bitsPerSecond: UInt64
        /// Nil: what suits the rate.
        package var burstBits: UInt64?

        package init(bitsPerSecond: UInt64, burstBits: UInt64? = nil) {
            self.bitsPerSecond = bitsPerSecond
            self.burstBits = burstBits
        }
    }
}
