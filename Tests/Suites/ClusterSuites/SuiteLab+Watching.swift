import Lab
import LinuxSystem
import NetworkTypes

extension SuiteLab {
    /// The addresses that answered while they were asked over and over.
    static func reached(
        from source: NamespaceReference, _ targets: [IPAddress], port: UInt16, for time: Duration
    ) async throws -> [IPAddress] {
        let end = ContinuousClock.now.advanced(by: time)
        var reached: [IPAddress] = []
        while ContinuousClock.now < end {
            let probes = targets.map { Probe(from: source, to: $0, .tcp, port: port) }
            let outcomes = try await Prober(timeout: .milliseconds(100), attempts: 1).run(probes)
            reached += zip(targets, outcomes).filter { $0.1.isReached }.map(\.0)
        }
        return reached
    }
}
