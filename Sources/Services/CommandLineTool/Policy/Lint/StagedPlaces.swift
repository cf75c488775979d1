import APIMachinery
import ClusterAPI
import ManifestFiles
import PolicyAnalysis
import PolicyEngine

/// The NetworkPolicies that are staged, with the objects that they are written in.
struct StagedPlaces {
    private var places: [ObjectKey: (object: ManifestObject, spec: StagedPolicySpec)] = [:]

    /// Of two about one policy, the first by name counts.
    init(_ objects: [ManifestObject]) {
        let staged = objects.decoded(StagedPolicy.self).sorted { $0.1.key < $1.1.key }
        for (object, policy) in staged {
            guard let target = StagedObject.namespaced(policy).target, places[target.key] == nil else { continue }
            places[target.key] = (object, policy.spec)
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// The policies that would be enforced.
    func applied(to policies: [NetworkPolicy]) -> [NetworkPolicy] {
        policies.filter { places[$0.key] == nil }
            + places.sorted { $0.key < $1.key }.compactMap { key, place in
                guard place.spec.action == .set, case .networkPolicy(let spec) = place.spec.policy.content else {
                    return nil
                }
                return NetworkPolicy(metadata: ObjectMeta(name: key.name, namespace: key.namespace), spec: spec)
            }
    }

    /// Nil for what is not found in a staged policy: the enforced ones speak for themselves.
    func error(_ finding: LintFinding) -> ManifestError? {
        guard case .policy(let key) = finding.subject, let place = places[key], place.spec.action == .set else {
            return nil
        }
        let path = [.field("spec"), .field("policy")] + FieldPath(finding.path).manifestSteps
        return place.object.error(at: path, finding.message)
    }
}
