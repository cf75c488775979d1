import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Times the policy engine on a synthetic cluster; meaningful in a release build only.
package enum EngineBenchmark {
    package struct Figures: Sendable {
        /// Every object into an empty engine, and every endpoint's rules out of it.
        package let compile: Duration
        /// The median and the 99th percentile of one pod's coming or going, its changes drained.
        package let podEvent: Percentiles
        /// The same for one policy whose ports change.
        package let policyEvent: Percentiles
        /// One verdict by addresses.
        package let verdict: Duration
        package let peerSets: Int
    }

    package static func run(pods: Int, policies: Int) -> Figures {
        let cluster = SyntheticCluster(pods: pods, policies: policies)
        var engine = PolicyEngine()
        let clock = ContinuousClock()
        let compile = clock.measure {
            for namespace in cluster.namespaces { engine.upsert(namespace) }
            for policy in cluster.policies { engine.upsert(policy) }
            for pod in cluster.pods { engine.upsert(pod) }
            _ = engine.drainChanges()
        }
        let podEvents = (0..<500).map { index in
            let pod = cluster.pods[index * 7 % pods]
            return clock.measure {
                if index % 2 == 0 { engine.removePod(pod.key) } else { engine.upsert(relabelled(pod)) }
                _ = engine.drainChanges()
            }
        }
        let policyEvents = cluster.policies.prefix(500).map { policy in
            var changed = policy
            changed.spec?.ingress?[0].ports = [NetworkPolicyPort(port: .int(9999))]
            return clock.measure {
                engine.upsert(changed)
                _ = engine.drainChanges()
            }
        }
        return Figures(
            compile: compile, podEvent: Percentiles(podEvents), policyEvent: Percentiles(policyEvents),
            verdict: verdictTime(engine, cluster), peerSets: engine.peerSets.count)
    }

    private static func relabelled(_ pod: Pod) -> Pod {
        var pod = pod
        pod.metadata.labels?["app"] = "app-9"
        return pod
    }

    private static func verdictTime(_ engine: PolicyEngine, _ cluster: SyntheticCluster) -> Duration {
        let addresses = cluster.pods.prefix(2000).compactMap { $0.addressTexts.first.flatMap { IPAddress($0) } }
        guard addresses.count > 1 else { return .zero }
        var allowed = 0
        let total = ContinuousClock().measure {
            for (index, source) in addresses.enumerated() {
                let destination = addresses[(index * 31 + 1) % addresses.count]
                let verdict = engine.verdict(source: source, destination: destination, transport: .tcp, port: 80)
                if verdict.allowed { allowed += 1 }
            }
        }
        return total / addresses.count
    }
}
