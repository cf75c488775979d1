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
            "failover patch nodes/status", "failover patch services default",
        ]
        private static let users = [
            "agent": ("gabion:agent:node-a", "gabion:agents"), "controller": ("gabion:controller", ""),
            "dns": ("gabion:dns", ""), "egress": ("gabion:egress:node-a", "gabion:egress"),
            "failover": ("gabion:failover:node-a", "gabion:failover"),
        ]

        @Test("each part may do what its work asks for", arguments: allowed)
        func may(_ question: String) async throws { #expect(try await answer(question)) }

        @Test("and nothing that would make it dangerous in wrong hands", arguments: refused)
        func mayNot(_ question: String) async throws { #expect(try await !answer(question)) }

        @Test("nothing that a part wants to do is refused to it")
        func noRefusals() async throws {
            let logs =
                ["control.gabion-controller"]
                + RealCluster.nodes.flatMap { node in ["agent", "egress", "failover"].map { "\(node).\($0)" } }
            try await RealCluster.with { cluster in
                for name in logs {
                    for line in try cluster.log(name).split(separator: "\n") where line.contains("403 Forbidden") {
                        // An API server that has just begun refuses what it has not read yet.
                        let question = try #require(AccessQuestion(refusal: line), "\(name): \(line)")
                        #expect(try await question.isAllowed(cluster), "\(name): \(line)")
                    }
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
