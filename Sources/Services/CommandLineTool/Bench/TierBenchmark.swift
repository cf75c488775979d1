import ClusterAPI
import Foundation
import PolicyEngine

/// Times the policy engine with policies in every tier; meaningful in a release build only.
package enum TierBenchmark {
    package struct Figures: Sendable {
        /// Every object into an empty engine, and every endpoint's rules out of it.
        package let compile: Duration
        /// One pod's coming or going, its changes drained; likewise the others.
        package let podEvent: Percentiles
        /// One namespace's labels.
        package let labelEvent: Percentiles
        /// The ports of one cluster-wide policy, of those that are not about every pod.
        package let policyEvent: Percentiles
        /// One that comes to be about others, or is added.
        package let subjectEvent: Percentiles
        /// The ports of a policy that is about every pod, for an engine that tells about all of them.
        package let globalPolicyEvent: Percentiles
        /// The same for a node with two hundred pods.
        package let globalPolicyEventOnNode: Percentiles
        package let peakMegabytes: Int
        /// How many different policies the endpoints have.
        package let directionPolicies: Int
    }

    package static func run(namespaces: Int, pods: Int, policies: Int, live: Bool) -> Figures {
        let world = SyntheticTiers(namespaces: namespaces, pods: pods, policies: policies)
        var engine = PolicyEngine(input: live ? .live : .complete)
        let compile = ContinuousClock().measure { world.load(into: &engine) }
        var distinct: Set<DirectionPolicy> = []
        for pod in world.pods {
            let policy = engine.endpointPolicy(for: pod.key)
            for direction in [policy.ingress, policy.egress] { if let direction { distinct.insert(direction) } }
        }
        let peak = peakMegabytes()
        let podEvents = (0..<500).map { index in
            measure(&engine) { engine in
                let pod = world.pods[index * 7 % pods]
                if index % 2 == 0 { engine.removePod(pod.key) } else { engine.upsert(relabelled(pod)) }
            }
        }
        let labelEvents = (0..<300).map { index in
            measure(&engine) { engine in
                var namespace = world.namespaces[index * 13 % namespaces]
                namespace.metadata.labels?["team"] = "team-\(index * 31 % 100)"
                engine.upsert(namespace)
            }
        }
        func policyEvents(_ isGlobal: Bool, _ engine: inout PolicyEngine) -> [Duration] {
            world.admins.indices.filter { $0.isMultiple(of: 50) == isGlobal }.map { index in
                measure(&engine) { $0.upsert(SyntheticTiers.admin(index, of: namespaces, port: 9999)) }
            }
        }
        var node = PolicyEngine(input: live ? .live : .complete, tellsAbout: .watchedPods)
        for pod in world.pods.prefix(200) { node.watch(pod.key) }
        world.load(into: &node)
        return Figures(
            compile: compile, podEvent: Percentiles(podEvents), labelEvent: Percentiles(labelEvents),
            policyEvent: Percentiles(policyEvents(false, &engine)),
            subjectEvent: Percentiles(subjectEvents(world, of: namespaces, &engine)),
            globalPolicyEvent: Percentiles(policyEvents(true, &engine)),
            globalPolicyEventOnNode: Percentiles(policyEvents(true, &node)),
            peakMegabytes: peak, directionPolicies: distinct.count)
    }

    private static func subjectEvents(
        _ world: SyntheticTiers, of namespaces: Int, _ engine: inout PolicyEngine
    ) -> [Duration] {
        world.admins.indices.filter { !$0.isMultiple(of: 50) }.map { index in
            var policy = world.admins[index]
            if index.isMultiple(of: 2) { policy.metadata.name = "added-\(index)" }
            let other = (index + 3).isMultiple(of: 50) ? index + 4 : index + 3
            policy.spec?.subject = SyntheticTiers.subject(other, of: namespaces)
            return measure(&engine) { $0.upsert(policy) }
        }
    }

    private static func measure(_ engine: inout PolicyEngine, _ event: (inout PolicyEngine) -> Void) -> Duration {
        ContinuousClock().measure {
            event(&engine)
            _ = engine.drainChanges()
        }
    }

    private static func relabelled(_ pod: Pod) -> Pod {
        var pod = pod
        pod.metadata.labels?["app"] = "app-9"
        return pod
    }

    /// The most memory that this process ever had, `VmHWM`.
    private static func peakMegabytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 / 1024 } ?? 0
    }
}

/// The middle and the 99th of a hundred.
package struct Percentiles: Hashable, Sendable {
    package let median: Duration
    package let p99: Duration

    package init(_ samples: [Duration]) {
        let sorted = samples.sorted()
        median = sorted.isEmpty ? .zero : sorted[sorted.count / 2]
        p99 = sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }
}
