import ClusterAPI
import KubernetesClient
import Logging
import TestSupport
import Testing

extension KubernetesSuites {
    /// Clients whose clock is not the real API server's.
    @Suite("Clocks that are wrong")
    struct ClockSuite {
        @Test("controllers ten minutes ahead and behind take no Lease that is renewed, and are told of their clock")
        func controllers() async throws {
            try await BareServer.with { _ in
                var logger = Logger(label: "suite")
                logger.logLevel = .error
                let configuration = try ClusterConfiguration.load(kubeconfig: BareServer.kubeconfig)
                try await KubernetesClient.withClient(configuration, logger: logger) { client in
                    let clocks: [(Duration, String)] = [
                        (.seconds(600), "s ahead of the API server's"), (.seconds(-600), "s behind the API server's"),
                    ]
                    for (lead, words) in clocks {
                        let rivals = try Rivals(kubeconfig: BareServer.kubeconfig) {
                            let leases = try await client.list(Lease.self, in: "kube-system").items
                            guard let spec = leases.first(where: { $0.key.name == "gabion-controller" })?.spec else {
                                return nil
                            }
                            return Rivals.Holding(
                                holder: spec.holderIdentity ?? "", transitions: spec.leaseTransitions ?? 0,
                                renewal: spec.renewTime ?? "")
                        }
                        let logs = try await rivals.contend(ahead: lead)
                        #expect(logs.wrong.contains(words), "\(logs.wrong)")
                        #expect(!logs.right.contains("the clock of this machine"), "\(logs.right)")
                    }
                }
            }
        }
    }
}
