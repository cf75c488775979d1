import ClusterAPI
import Foundation
import KubernetesClient
import Logging
import TestSupport
import Testing

extension KubernetesSuites {
    /// What a client meets at a real API server and never at a small one.
    @Suite("The client at a real API server", .serialized)
    struct ClientSuite {
        private func names(_ list: ObjectList<JSONValue>) -> Set<String> {
            Set(list.items.compactMap { $0["metadata"]?["name"]?.string })
        }

        @Test("a list of many pages is whole, also while etcd forgets the version that its pages are of")
        func pages() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let expected = Set((0..<40).map { "map-\($0)" })
                    for name in expected { try await cluster.create(.configMap(name, in: namespace)) }
                    let ours = ListOptions(fieldSelector: "metadata.name!=kube-root-ca.crt", pageSize: 2)
                    let quiet = try await cluster.client.list(.configMaps, in: namespace, options: ours)
                    #expect(names(quiet) == expected)

                    // The server itself says that such a page is gone.
                    let path = "/api/v1/namespaces/\(namespace)/configmaps?limit=2"
                    let page = try await cluster.raw(path)
                    let token = try #require(page["metadata"]?["continue"]?.string)
                    // The version that is named stays: a later one has to be.
                    try await cluster.create(.configMap("later", in: namespace))
                    try await cluster.kubectl("delete", "configmap", "later", "-n", namespace)
                    try await cluster.forget(upTo: cluster.latestVersion())
                    let failure = await #expect(throws: (any Error).self) {
                        try await cluster.raw("\(path)&continue=\(token)")
                    }
                    #expect("\(String(describing: failure))".contains("too old"))

                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while !Task.isCancelled { try await cluster.forget(upTo: cluster.latestVersion()) }
                        }
                        for _ in 0..<5 {
                            let list = try await cluster.client.list(.configMaps, in: namespace, options: ours)
                            #expect(names(list) == expected)
                        }
                        group.cancelAll()
                    }
                }
            }
        }

        @Test("a mirror whose version is gone after a restart of the server lists anew, and knows everything")
        func mirror() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(.configMap("before", in: namespace))
                    let mirror = Mirror()
                    try await mirror.follow(cluster.client, .configMaps, in: namespace) {
                        try await eventually("the mirror is there") { mirror.names.contains("before") }
                        // The server's versions go on, and the mirror's does not.
                        try await cluster.create([
                            "apiVersion": "v1", "kind": "ServiceAccount",
                            "metadata": ["name": "other", "namespace": .string(namespace)],
                        ])
                        try await cluster.machine("stop", "control", "apiserver", "KILL")
                        try await cluster.machine("start", "control", "apiserver")
                        try await eventually("the server is back", within: .seconds(60)) {
                            (try? await cluster.create(.configMap("after", in: namespace))) != nil
                        }
                        #expect(try await isGone("1", cluster), "the server itself says what it does not remember")
                        try await cluster.kubectl("delete", "configmap", "before", "-n", namespace)
                        try await eventually("the mirror knows", within: .seconds(60)) {
                            mirror.names.contains("after") && !mirror.names.contains("before")
                        }
                    }
                    #expect(mirror.outages >= 1)
                    #expect(mirror.lists >= 2)
                }
            }
        }

        /// Whether a watch from a version is refused for its age: at once, or as its first event.
        private func isGone(_ version: String, _ cluster: RealCluster) async throws -> Bool {
            var watch = cluster.client.watch(.configMaps, from: version).makeAsyncIterator()
            do {
                guard case .failed(let status) = try await watch.next() else { return false }
                return status.code == 410
            } catch let error where error.apiFailure?.isGone == true {
                return true
            }
        }

        @Test("quiet watches that the server ends go on from their bookmarks, without a list")
        func bookmarks() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(.configMap("one", in: namespace))
                    let mirror = Mirror()
                    let timing = WatchTiming(watchTimeout: .seconds(3))
                    try await mirror.follow(cluster.client, .configMaps, in: namespace, timing: timing) {
                        // Other objects change meanwhile: leases, each few seconds.
                        try await Task.sleep(for: .seconds(10))
                        try await cluster.create(.configMap("two", in: namespace))
                        try await eventually("the mirror knows") { mirror.names.contains("two") }
                    }
                    #expect(mirror.lists == 1)
                    #expect(mirror.outages == 0)
                }
            }
        }

        @Test("what is written over a newer version is a conflict, and a field of another manager, too, by name")
        func conflicts() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let client = cluster.client
                    let first = try await client.create(JSONValue.configMap("shared", in: namespace))
                    var second = first
                    second["data"] = ["a": "1"]
                    _ = try await client.update(second)
                    let stale = await #expect(throws: KubernetesError.self) { try await client.update(first) }
                    #expect(stale?.failure?.isConflict == true)

                    _ = try await client.apply(JSONValue.configMap("applied", in: namespace, ["k": "one"]), as: "one")
                    let other = JSONValue.configMap("applied", in: namespace, ["k": "two"])
                    let taken = await #expect(throws: KubernetesError.self) { try await client.apply(other, as: "two") }
                    #expect(taken?.failure?.isConflict == true)
                    #expect(taken?.failure?.status.details?.causes?.first?.message == #"conflict with "one""#)
                    #expect(taken?.failure?.status.details?.causes?.first?.field == ".data.k")
                    let forced = try await client.apply(other, as: "two", isForced: true)
                    #expect(forced["data"]?["k"] == "two")
                }
            }
        }

        /// Priority and fairness of API servers: one who asks for more than his level may has to come again later.
        @Test("who is told to come later comes later, and everything is done in the end")
        func throttling() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    // Not an administrator: those are exempt.
                    let path = try await cluster.identity("crowd", user: "suite:crowd")
                    try await cluster.letRead(["kind": "User", "name": "suite:crowd"], in: namespace)
                    let blob = String(repeating: "x", count: 20_000)
                    for number in 0..<40 {
                        try await cluster.create(.configMap("map-\(number)", in: namespace, ["blob": .string(blob)]))
                    }
                    try await cluster.withLowPriority(user: "suite:crowd") {
                        // A crowd that comes slowly, as on a busy machine, is none.
                        let crowd = try Crowd(kubeconfig: path, retries: .none)
                        let impatient = try await eventualAnswer("somebody is told to come later", within: .seconds(60))
                        {
                            let outcome = try await crowd.ask(.configMaps, in: namespace)
                            return outcome.refusals > 0 ? outcome : nil
                        }
                        #expect(impatient.others.isEmpty)
                        #expect(impatient.waits.allSatisfy { $0 == .seconds(1) }, "each is told when")
                        let patient = try await Crowd(kubeconfig: path, retries: RetryPolicy()).ask(
                            .configMaps, in: namespace)
                        #expect(patient.refusals == 0)
                        #expect(patient.others.isEmpty)
                        #expect(patient.answers == Crowd.size)
                    }
                }
            }
        }
    }
}
