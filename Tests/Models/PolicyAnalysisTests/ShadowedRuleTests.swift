import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import TestRandom
import Testing

/// What the lint says about rules, held against what the engine does without them.
@Suite struct ShadowedRuleTests {
    @Test("a rule of a cluster-wide policy that never decides can be removed: on 400 random clusters")
    func removableFromTiers() {
        var removed = 0
        for seed in (0..<600).map(UInt64.init) where !seed.isMultiple(of: 3) {
            let world = RandomWorld(seed: seed)
            let lint = PolicyLint(
                pods: world.pods, namespaces: world.namespaces, policies: world.policies,
                cluster: world.admin.clusterWide)
            for finding in lint.findings() where finding.rule == .shadowedRule {
                guard case .object(let reference) = finding.subject, case .index(let index) = finding.path[2],
                    case .field(let direction) = finding.path[1]
                else { continue }
                var other = world
                other.admin.remove(reference, direction, index)
                removed += 1
                let diff = ConnectivityDiff(old: (world.engine, world.nodes), new: (other.engine, other.nodes))
                #expect(diff.changes.isEmpty, "seed \(seed): \(reference) \(direction)[\(index)]: \(finding.message)")
            }
        }
        #expect(removed > 30, "\(removed) rules were called shadowed")
    }

    @Test("a rule that is called shadowed can be removed, and no verdict changes: on 1,500 random clusters")
    func removable() {
        var removed = 0
        for seed in 0..<1_500 {
            let world = RandomWorld(seed: UInt64(seed), tiers: false)
            let lint = PolicyLint(pods: world.pods, namespaces: world.namespaces, policies: world.policies)
            for finding in lint.findings() where finding.rule == .shadowedRule {
                guard case .policy(let key) = finding.subject, case .index(let index) = finding.path[2],
                    case .field(let direction) = finding.path[1]
                else {
                    Issue.record("seed \(seed): \(finding)")
                    continue
                }
                var other = world
                for place in other.policies.indices where other.policies[place].key == key {
                    // What stays must go on isolating: absent types depend on the rules.
                    let types = other.policies[place].spec.map { Array($0.effectiveTypes) }
                    other.policies[place].spec?.policyTypes = types
                    if direction == "ingress" {
                        other.policies[place].spec?.ingress?.remove(at: index)
                    } else {
                        other.policies[place].spec?.egress?.remove(at: index)
                    }
                }
                removed += 1
                let diff = ConnectivityDiff(old: (world.engine, world.nodes), new: (other.engine, other.nodes))
                #expect(diff.changes.isEmpty, "seed \(seed): \(key) \(direction)[\(index)]: \(finding.message)")
            }
        }
        #expect(removed > 30, "\(removed) rules were called shadowed")
    }
}
