import ClusterAPI
import Foundation
import KubernetesClient
import TestSupport
import ToolRunner

/// What tests ask of the API server and of its etcd beside what a client of ours does.
extension RealCluster {
    /// The path of a kubeconfig for somebody; with `.crt` and `.key` behind it, those of certificate and key.
    func identity(_ name: String, user: String) async throws -> String {
        let output = try await ToolRunner().run(
            "/usr/bin/env", ["bash", Self.scripts + "/identity", name, user],
            environment: ProcessInfo.processInfo.environment, deadline: .seconds(20))
        return output.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Lets somebody (a subject of RBAC) read what is in a namespace.
    func letRead(_ subject: JSONValue, in namespace: String) async throws {
        var subject = subject
        if subject["kind"] == "User" { subject["apiGroup"] = "rbac.authorization.k8s.io" }
        try await create([
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": ["name": "reader", "namespace": .string(namespace)], "subjects": [subject],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"],
        ])
    }

    /// GET of a path and query.
    func raw(_ path: String) async throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try await kubectl("get", "--raw", path).utf8))
    }

    /// POST of an object to a path.
    func post(_ object: JSONValue, to path: String) async throws -> JSONValue {
        let directory = try TemporaryDirectory()
        try JSONEncoder().encode(object).write(to: directory.url("body"))
        let text = try await kubectl("create", "--raw", path, "-f", directory.file("body"))
        return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// The latest version of everything, as lists have it.
    func latestVersion() async throws -> String {
        try await client.list(Namespace.self).resourceVersion
    }

    /// etcd forgets what was before a version, as it does each five minutes.
    func forget(upTo version: String) async throws {
        do {
            try await machine(
                "on", "control", "busybox", "wget", "-q", "-O", "-", "--header", "Content-Type: application/json",
                "--post-data", #"{"revision":"\#(version)"}"#, "http://127.0.0.1:2379/v3/kv/compaction")
        } catch let error as ToolError {
            // Nothing was written since the last time.
            guard "\(error)".contains("400") else { throw error }
        }
    }

    /// Members of this user share a level that may have few requests at once, and refuses the others.
    func withLowPriority(user: String, _ body: () async throws -> Void) async throws {
        let group = "flowcontrol.apiserver.k8s.io/v1beta1"
        let level: JSONValue = [
            "apiVersion": .string(group), "kind": "PriorityLevelConfiguration", "metadata": ["name": "suite-crowd"],
            "spec": [
                "type": "Limited",
                "limited": ["assuredConcurrencyShares": 1, "limitResponse": ["type": "Reject"]],
            ],
        ]
        let members: JSONValue = [
            "apiVersion": .string(group), "kind": "FlowSchema", "metadata": ["name": "suite-crowd"],
            "spec": [
                "priorityLevelConfiguration": ["name": "suite-crowd"], "matchingPrecedence": 2,
                "rules": [
                    [
                        "subjects": [["kind": "User", "user": ["name": .string(user)]]],
                        "resourceRules": [
                            [
                                "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"],
                                "clusterScope": true,
                            ]
                        ],
                    ]
                ],
            ],
        ]
        try await withObject(level) { _ in
            try await withObject(members) { _ in
                // The server reads its levels by a watch of its own.
                try await Task.sleep(for: .seconds(2))
                try await body()
            }
        }
    }
}
