import ClusterAPI
import Foundation
import KubernetesClient
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Rights", .serialized)
    struct RightsSuite {
        /// Who, verb, resource[.group][/subresource] and, for one namespace, that namespace[/name].
        private static let allowed = [
            "agent watch pods", "agent list networkpolicies.networking.k8s.io", "agent patch nodes/status",
            "agent create events default", "agent patch leases.coordination.k8s.io kube-system",
            "controller create hostsubnets.network.openshift.io", "controller patch zones.gabion.io/status",
            "controller update leases.coordination.k8s.io kube-system/gabion-controller", "dns watch services",
            "controller list failovergroups.gabion.io", "egress patch egressnodes.gabion.io/status",
            "egress create leases.coordination.k8s.io kube-system", "failover patch failovergroups.gabion.io/status",
            "failover watch endpointslices.discovery.k8s.io",
            "failover get secrets kube-system/gabion-failover-suite",
        ]
        private static let refused = [
            "agent get secrets kube-system", "agent list configmaps default", "agent create pods default",
            "agent patch pods/status default", "agent delete nodes", "agent create pods/exec default",
            "agent update networkpolicies.networking.k8s.io default", "agent patch hostsubnets.network.openshift.io",
            "agent create clusterrolebindings.rbac.authorization.k8s.io", "agent impersonate users",
            "agent patch leases.coordination.k8s.io kube-node-lease", "agent patch services/status default",
            "controller update leases.coordination.k8s.io kube-system/kube-scheduler",
            "controller get secrets kube-system", "controller create pods default", "controller delete nodes",
            "controller patch zones.gabion.io", "controller delete networkpolicies.networking.k8s.io default",
            "controller patch services default", "dns get secrets default", "dns patch services default",
            "controller patch failovergroups.gabion.io", "egress patch egressnodes.gabion.io",
            "egress list pods default", "egress get secrets kube-system", "egress patch nodes/status",
            "egress get leases.coordination.k8s.io kube-system",
            "failover patch failovergroups.gabion.io", "failover get secrets kube-system", "failover list pods default",
            "failover get secrets kube-system/gabion-failover-other", "failover list secrets kube-system",
            "failover patch nodes/status", "failover patch services default",
        ]
        private static let accounts = "system:serviceaccounts:\(RealCluster.namespace)"
        private static func account(_ part: String) -> String {
            "system:serviceaccount:\(RealCluster.namespace):gabion-\(part)"
        }
        private static let users = [
            "agent": (account("agent"), accounts), "controller": (account("controller"), accounts),
            "egress": (account("egress"), accounts),
            "dns": ("system:serviceaccount:kube-system:gabion-dns", "system:serviceaccounts:kube-system"),
            "failover": (account("failover"), accounts),
        ]

        @Test("each part may do what its work asks for", arguments: allowed)
        func may(_ question: String) async throws { #expect(try await answer(question)) }

        @Test("and nothing that would make it dangerous in wrong hands", arguments: refused)
        func mayNot(_ question: String) async throws { #expect(try await !answer(question)) }

        @Test("nothing that a part wants to do is refused to it")
        func noRefusals() async throws {
            try await RealCluster.with { cluster in
                let lines = try cluster.log("audit").split(separator: "\n")
                for (user, _) in Self.users.values {
                    #expect(lines.contains { $0.contains(user) && $0.contains(#""code":200"#) }, "\(user) asks")
                }
                for line in lines where line.contains(#""code":403"#) {
                    let event = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
                    let question = try #require(AccessQuestion(event: event), "\(line)")
                    // An API server that has just begun refuses what it has not read yet.
                    #expect(try await question.isAllowed(cluster), "\(line)")
                }
            }
        }

        /// What the API server's own judge says.
        private func answer(_ question: String) async throws -> Bool {
            let words = question.split(separator: " ").map(String.init)
            let (user, group) = try #require(Self.users[words[0]])
            let place = words.count > 3 ? words[3].split(separator: "/").map(String.init) : []
            let access = AccessQuestion(
                user: user, group: group, verb: words[1], resource: words[2], namespace: place.first ?? "",
                name: place.count > 1 ? place[1] : "")
            return try await RealCluster.with { try await access.isAllowed($0) }
        }
    }
}
