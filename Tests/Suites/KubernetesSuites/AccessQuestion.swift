import ClusterAPI
import KubernetesClient
import Testing

/// May somebody do something? The API server's own judge knows.
struct AccessQuestion {
    var user: String
    var group: String
    var verb: String
    /// As `nodes/status`, `leases.coordination.k8s.io`.
    var resource: String
    var namespace = ""
    var name = ""

    func isAllowed(_ cluster: RealCluster) async throws -> Bool {
        let parts = resource.split(separator: "/").map(String.init)
        let kind = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
        let review: JSONValue = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": [
                "user": .string(user), "groups": group.isEmpty ? [] : [.string(group)],
                "resourceAttributes": [
                    "verb": .string(verb), "resource": .string(kind[0]),
                    "group": .string(kind.count > 1 ? kind[1] : ""),
                    "subresource": .string(parts.count > 1 ? parts[1] : ""),
                    "namespace": .string(namespace), "name": .string(name),
                ],
            ],
        ]
        let answer = try await cluster.client.create(review)
        return try #require(answer["status"]?["allowed"]?.bool as Bool?)
    }
}

extension AccessQuestion {
    /// What a log says was refused: `… "NAME" is forbidden: User "U" cannot VERB resource "R/SUB" in API group "G" in the
    /// namespace "N"`; nil for what says nothing of the kind.
    init?(refusal line: some StringProtocol) {
        let parts = line.split(separator: "is forbidden: User \"", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return nil }
        let words = parts[1].split(separator: "\"", omittingEmptySubsequences: false).map { String($0) }
        // U, " cannot VERB resource ", R, " in API group ", G, " in the namespace ", N
        guard words.count > 4, let verb = words[1].split(separator: " ").dropFirst().first else { return nil }
        let resource = words[2].split(separator: "/", maxSplits: 1).map { String($0) }
        self.init(
            user: words[0], group: "", verb: String(verb),
            resource: resource[0] + (words[4].isEmpty ? "" : "." + words[4])
                + (resource.count > 1 ? "/" + resource[1] : ""))
        if words.count > 6, words[5].contains("namespace") { namespace = words[6] }
        let before = parts[0].split(separator: "\"", omittingEmptySubsequences: false)
        if before.count > 2 { name = String(before[before.count - 2]) }
        // Who speaks for a node is of the group of those who do: `gabion:agent:node-a` of `gabion:agents`.
        let identity = user.split(separator: ":")
        if identity.count == 3 { group = "gabion:" + (identity[1] == "agent" ? "agents" : String(identity[1])) }
    }
}
