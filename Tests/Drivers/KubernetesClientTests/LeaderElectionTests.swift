import ClusterAPI
import KubernetesClient
import Synchronization
import Testing

private let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"

private func leaseJSON(holder: String, version: Int = 1) -> String {
    #"{"metadata":{"name":"l","namespace":"kube-system","resourceVersion":"\#(version)"},"#
        + #""spec":{"holderIdentity":"\#(holder)","leaseDurationSeconds":1}}"#
}

@Suite struct LeaderElectionTests {
    private func election(_ client: KubernetesClient) -> LeaderElection<ContinuousClock> {
        LeaderElection(
            client: client, lease: ObjectKey(namespace: "kube-system", name: "l"), identity: "me",
            timing: LeaseTiming(leaseSeconds: 5, renewDeadline: .seconds(2), retryPeriod: .milliseconds(20)))
    }

    @Test("the lease is created, renewed, and given back when the work ends by itself")
    func term() async throws {
        let mine = ScriptedServer.json(leaseJSON(holder: "me"))
        let server = ScriptedServer([
            "GET \(leases)/l": [ScriptedServer.failure(404, "NotFound")] + Array(repeating: mine, count: 100),
            "POST \(leases)": [ScriptedServer.json(leaseJSON(holder: "me"), code: 201)],
            "PUT \(leases)/l": Array(repeating: mine, count: 100),
        ])
        let ended = try await server.serve { address in
            try await withTestClient(address) { client in
                let election = election(client)
                try await election.acquire()
                return try await election.hold { try await Task.sleep(for: .milliseconds(400)) }
            }
        }
        #expect(ended)
        let puts = server.received("PUT \(leases)/l")
        #expect(puts.count >= 2)
        #expect(puts.last?.body.contains(#""holderIdentity":"""#) == true)
        #expect(puts.first?.body.contains(#""resourceVersion":"1""#) == true)
    }

    @Test("work is cancelled when the lease cannot be renewed before the deadline", arguments: [500, 409])
    func loss(code: Int) async throws {
        let server = ScriptedServer([
            "GET \(leases)/l": [ScriptedServer.json(leaseJSON(holder: ""))],
            "PUT \(leases)/l": [ScriptedServer.json(leaseJSON(holder: "me"))],
        ])
        for _ in 0..<500 { server.then("GET \(leases)/l", ScriptedServer.failure(code, "Broken")) }
        let wasCancelled = Mutex(false)
        let took = try await server.serve { address in
            try await withTestClient(address) { client in
                let election = election(client)
                try await election.acquire()
                return try await ContinuousClock().measure {
                    let ended = try await election.hold {
                        try? await Task.sleep(for: .seconds(10))
                        let cancelled = Task.isCancelled
                        wasCancelled.withLock { $0 = cancelled }
                    }
                    #expect(!ended)
                }
            }
        }
        #expect(wasCancelled.withLock { $0 })
        #expect(took < .seconds(8))
    }

    @Test("a candidate stands by while another leads and takes over when that one gives back")
    func standby() async throws {
        let other = ScriptedServer.json(leaseJSON(holder: "other"))
        let server = ScriptedServer([
            "GET \(leases)/l": [
                other, other, ScriptedServer.failure(500, "Broken"), ScriptedServer.json(leaseJSON(holder: "")),
            ],
            "PUT \(leases)/l": [
                ScriptedServer.failure(409, "Conflict"), ScriptedServer.json(leaseJSON(holder: "me")),
            ],
        ])
        server.then("GET \(leases)/l", ScriptedServer.json(leaseJSON(holder: "")))
        try await server.serve { address in
            try await withTestClient(address) { try await election($0).acquire() }
        }
        #expect(server.received("PUT \(leases)/l").count == 2)
    }

    @Test("a server that accepts renewals and never answers ends the term at the deadline")
    func silence() async throws {
        let server = ScriptedServer([
            "GET \(leases)/l": [ScriptedServer.json(leaseJSON(holder: "")), [.status(200)]],
            "PUT \(leases)/l": [ScriptedServer.json(leaseJSON(holder: "me"))],
        ])
        let took = try await server.serve { address in
            try await withTestClient(address) { client in
                let election = election(client)
                try await election.acquire()
                return await ContinuousClock().measure {
                    #expect((try? await election.hold { try? await Task.sleep(for: .seconds(20)) }) == false)
                }
            }
        }
        #expect(took < .seconds(4))
    }

    @Test("work that fails gives the lease back and passes its failure on")
    func failure() async throws {
        struct Broken: Error {}
        let mine = ScriptedServer.json(leaseJSON(holder: "me"))
        let server = ScriptedServer([
            "GET \(leases)/l": [ScriptedServer.json(leaseJSON(holder: "")), mine], "PUT \(leases)/l": [mine, mine],
        ])
        try await server.serve { address in
            try await withTestClient(address) { client in
                let election = election(client)
                try await election.acquire()
                await #expect(throws: Broken.self) { try await election.hold { throw Broken() } }
            }
        }
        #expect(server.received("PUT \(leases)/l").last?.body.contains(#""holderIdentity":"""#) == true)
    }
}
