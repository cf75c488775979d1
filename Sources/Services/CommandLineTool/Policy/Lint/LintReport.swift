import APIMachinery
import ClusterAPI
package import ManifestFiles
import PolicyAnalysis
import PolicyEngine

/// What is probably not meant in some manifests, with the place where a person finds it.
package struct LintReport: Sendable {
    package struct Warning: Hashable, Sendable {
        /// `shadowed-rule`.
        package let rule: String
        package let finding: ManifestError

        package var description: String { "\(finding) [\(rule)]" }
    }

    package let warnings: [Warning]

    /// Objects that cannot be decoded are left to the errors.
    package init(_ objects: [ManifestObject]) {
        var places = Places()
        let namespaces = objects.decoded(Namespace.self).map { object, namespace in
            places.namespaces[namespace.metadata.name ?? ""] = (object, [])
            return namespace
        }
        let pods = objects.decoded(Pod.self).map { object, pod in
            places.mention(pod.key.namespace, in: object)
            return pod
        }
        let policies = objects.decoded(NetworkPolicy.self).map { object, policy in
            places.mention(policy.key.namespace, in: object)
            places.policies[policy.key] = object
            return policy
        }
        let workloads = WorkloadPods.pods(in: objects, besides: pods)
        for object in objects where workloads.contains(where: { $0.key.name == object.key.name }) {
            places.mention(object.key.namespace.isEmpty ? "default" : object.key.namespace, in: object)
        }
        let cluster = Self.clusterWide(objects, &places)
        let lint = PolicyLint(
            pods: pods + workloads, namespaces: namespaces, policies: policies, cluster: cluster)
        var warnings = lint.findings().compactMap { finding in
            places.error(finding).map { Warning(rule: finding.rule.rawValue, finding: $0) }
        }
        let staged = StagedPlaces(objects)
        if !staged.isEmpty {
            let lint = PolicyLint(
                pods: pods + workloads, namespaces: namespaces, policies: staged.applied(to: policies),
                cluster: cluster)
            warnings += lint.findings().compactMap { finding in
                staged.error(finding).map { Warning(rule: finding.rule.rawValue, finding: $0) }
            }
        }
        self.warnings = warnings
    }

    /// What administrators write, with its places.
    private static func clusterWide(_ objects: [ManifestObject], _ places: inout Places) -> ClusterWidePolicies {
        func read<Object: APIObject>(_ type: Object.Type, _ kind: PolicyKind) -> [Object] {
            let found = objects.decoded(type)
            for (object, value) in found { places.others[PolicyReference(kind, value.key)] = object }
            return found.map(\.1)
        }
        var cluster = ClusterWidePolicies()
        cluster.admins = read(AdminNetworkPolicy.self, .adminNetworkPolicy)
        cluster.baselines = read(BaselineAdminNetworkPolicy.self, .baselineAdminNetworkPolicy)
        cluster.clusters = read(ClusterNetworkPolicy.self, .clusterNetworkPolicy)
        cluster.zones = read(Zone.self, .zone)
        cluster.firewalls = read(EgressFirewall.self, .egressFirewall)
        cluster.egressPolicies = read(EgressNetworkPolicy.self, .egressNetworkPolicy)
        cluster.networks = read(ClusterNetwork.self, .clusterNetwork)
        cluster.nodes = objects.decoded(Node.self).map(\.1)
        return cluster
    }

    /// Where policies and namespaces are written; of two with one name the later holds.
    private struct Places {
        var policies: [ObjectKey: ManifestObject] = [:]
        /// Those of all other kinds.
        var others: [PolicyReference: ManifestObject] = [:]
        var namespaces: [String: (object: ManifestObject, path: [ManifestStep])] = [:]

        /// A namespace without an object is found where it is first named.
        mutating func mention(_ namespace: String, in object: ManifestObject) {
            if namespaces[namespace] == nil {
                namespaces[namespace] = (object, [.field("metadata"), .field("namespace")])
            }
        }

        func error(_ finding: LintFinding) -> ManifestError? {
            switch finding.subject {
            case .policy(let key):
                return policies[key]?.error(at: FieldPath(finding.path).manifestSteps, finding.message)
            case .object(let reference):
                return others[reference]?.error(at: FieldPath(finding.path).manifestSteps, finding.message)
            case .namespace(let name):
                return namespaces[name].map { place in
                    ManifestError(
                        file: place.object.file, line: place.object.node.line(of: place.path),
                        object: "Namespace \(name)", message: finding.message)
                }
            }
        }
    }
}

extension [ManifestObject] {
    /// The objects of one kind that can be read.
    func decoded<Object: APIObject>(_ type: Object.Type) -> [(ManifestObject, Object)] {
        filter { $0.isKind(of: type) }.compactMap { object in
            (try? object.decode(type)).map { (object, $0) }
        }
    }
}
