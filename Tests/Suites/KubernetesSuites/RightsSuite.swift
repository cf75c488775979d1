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
        ]
        private static let users = [
            "agent": ("gabion:agent:node-a", "gabion:agents"), "controller": ("gabion:controller", ""),
            "dns": ("gabion:dns", ""),
        ]

        @Test("each part may do what its work asks for", arguments: allowed)
        func may(_ question: String) async throws { #expect(try await answer(question)) }

        @Test("and nothing that would make it dangerous in wrong hands", arguments: refused)
        func mayNot(_ question: String) async throws { #expect(try await !answer(question)) }

        @Test("nothing that a part wants to do is refused to it")
        func noRefusals() async throws {
            let logs = ["control.gabion-controller"] + RealCluster.nodes.map { "\($0).agent" }
            try await RealCluster.with { cluster in
                for name in logs {
                    let refused = try cluster.log(name).split(separator: "\n").filter { $0.contains("403 Forbidden") }
                    #expect(refused.isEmpty, "\(name): \(refused.prefix(3))")
                }
            }
        }

        /// What the API server's own judge says.
        private func answer(_ question: String) async throws -> Bool {
            let words = question.split(separator: " ").map(String.init)
            let (user, group) = try #require(Self.users[words[0]])
            let resource = words[2].split(separator: "/").map(String.init)
            let name = resource[0].split(separator: ".", maxSplits: 1).map(String.init)
            let place = words.count > 3 ? words[3].split(separator: "/").map(String.init) : []
            let review: JSONValue = [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                "spec": [
                    "user": .string(user), "groups": group.isEmpty ? [] : [.string(group)],
                    "resourceAttributes": [
                        "verb": .string(words[1]), "resource": .string(name[0]),
                        "group": .string(name.count > 1 ? name[1] : ""),
                        "subresource": .string(resource.count > 1 ? resource[1] : ""),
                        "namespace": .string(place.first ?? ""), "name": .string(place.count > 1 ? place[1] : ""),
                    ],
                ],
            ]
            return try await RealCluster.with { cluster in
                let answer = try await cluster.client.create(review)
                let isAllowed = answer["status"]?["allowed"]?.bool
                return try #require(isAllowed as Bool?)
            }
        }
    }
}
