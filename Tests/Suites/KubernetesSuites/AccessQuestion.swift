import ClusterAPI
import KubernetesClient
import Testing

/// May somebody do something? The API server's own judge knows.
struct AccessQuestion {
    var user: String
    /// One of those that it is in; none where it is empty.
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
    /// What an event of the API server's audit log was about; nil for what is about no object.
    init?(event: JSONValue) {
        guard let user = event["user"]?["username"]?.string, let verb = event["verb"]?.string,
            let object = event["objectRef"], let resource = object["resource"]?.string
        else { return nil }
        let group = object["apiGroup"]?.string.map { "." + $0 } ?? ""
        let part = object["subresource"]?.string.map { "/" + $0 } ?? ""
        self.init(
            user: user, group: event["user"]?["groups"]?.array?.first?.string ?? "", verb: verb,
            resource: resource + group + part)
        namespace = object["namespace"]?.string ?? ""
        name = object["name"]?.string ?? ""
    }
}
