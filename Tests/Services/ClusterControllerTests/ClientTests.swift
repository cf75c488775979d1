import ClusterAPI
import Foundation
import KubernetesClient
import Logging
import Synchronization
import TestSupport
import Testing

/// The client against the real API server.
@Suite struct ClientTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private final class Seen: Sendable {
        let names = Mutex<Set<String>>([])
        let outages = Mutex(0)
        let contacts = Mutex(0)

        func note(_ event: CacheEvent<Namespace>) {
            switch event {
            case .replaced(let all, _):
                names.withLock { $0 = Set(all.map(\.key.name)) }
                contacts.withLock { $0 += 1 }
            case .upserted(let object): names.withLock { _ = $0.insert(object.key.name) }
            case .deleted(let object): names.withLock { _ = $0.remove(object.key.name) }
            case .disconnected: outages.withLock { $0 += 1 }
            case .resumed: contacts.withLock { $0 += 1 }
            case .unreadable, .missing: break
            }
        }
    }

    private final class Arrivals: Sendable {
        let times = Mutex<[String: ContinuousClock.Instant]>([:])
    }

    @Test("a mirror survives the restart of the server and misses nothing")
    func restart() async throws {
        let directory = RealServer.freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let address = "unix://" + RealServer.socket(in: directory)
        let configuration = try ClusterConfiguration(serverText: address, origin: "test")
        try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let seen = Seen()
                let earlier = Mutex(0)
                group.addTask { for await event in client.changes(of: Namespace.self) { seen.note(event) } }
                try await RealServer.run(directory) { _ in
                    try await client.create(Given.namespace("before"))
                    try await client.create(Given.namespace("goes"))
                    try await eventually { seen.names.withLock { $0.contains("goes") } }
                    earlier.withLock { $0 = seen.outages.withLock { $0 } }
                }
                // Before the first server was there, the mirror may have met an outage already: this one is another.
                let outages = earlier.withLock { $0 }
                try await eventually { seen.outages.withLock { $0 } > outages }
                let contacts = seen.contacts.withLock { $0 }
                try await RealServer.run(directory) { _ in
                    try await eventually { seen.contacts.withLock { $0 } > contacts }
                    try await client.create(Given.namespace("after"))
                    try await client.delete(Namespace.self, "goes")
                    let expected: Set = ["default", "kube-system", "kube-public", "kube-node-lease", "before", "after"]
                    try await eventually { seen.names.withLock { $0 == expected } }
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test("over TLS: the kubeconfig's certificate is accepted, an unknown authority is refused by name")
    func authority() async throws {
        let directory = RealServer.freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RealServer.run(directory) { kubeconfig in
            var configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig)
            try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
                let version = try await client.serverVersion()
                #expect(version["gitVersion"] != nil)
            }
            configuration.tlsServerName = "localhost"
            try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
                let namespace = try await client.get(Namespace.self, "default")
                #expect(namespace.key.name == "default")
            }
            configuration.certificateAuthority = nil
            try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
                var client = client
                client.retryPolicy = .none
                let error = await #expect(throws: KubernetesError.self) {
                    try await client.get(Namespace.self, "default")
                }
                #expect("\(String(describing: error))".contains("TLS"), "\(String(describing: error))")
            }
        }
    }

    @Test("long lists come in pages and whole; every kind of object is reached by discovery")
    func lists() async throws {
        let directory = RealServer.freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RealServer.run(directory) { kubeconfig in
            let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig)
            try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
                for number in 0..<40 { try await client.create(NetNamespace(netname: "n\(number)", netid: 10)) }
                let all = try await client.list(NetNamespace.self, options: ListOptions(pageSize: 7))
                #expect(Set(all.items.map(\.key.name)).count == 40)
                let pods = try await client.resource(named: "po").type
                let pod: JSONValue = [
                    "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                    "spec": ["containers": [["name": "c", "image": "i"]]],
                ]
                try await client.create(pod, in: "default")
                #expect(try await client.table(pods, in: "default").rows.first?.cells.first == "p")
                let conflict = await #expect(throws: KubernetesError.self) {
                    try await client.create(pod, in: "default")
                }
                #expect(conflict?.failure?.alreadyExists == true)
            }
        }
    }

    @Test("a change reaches a mirror within milliseconds")
    func latency() async throws {
        let directory = RealServer.freshDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RealServer.run(directory) { kubeconfig in
            let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig)
            try await KubernetesClient.withClient(configuration, logger: Self.silent) { client in
                let arrivals = Arrivals()
                var answers: [String: ContinuousClock.Instant] = [:]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await event in client.changes(of: NetNamespace.self) {
                            if case .upserted(let object) = event {
                                arrivals.times.withLock { $0[object.key.name] = .now }
                            } else {
                                arrivals.times.withLock { $0["ready"] = .now }
                            }
                        }
                    }
                    try await eventually { arrivals.times.withLock { $0["ready"] != nil } }
                    for number in 0..<100 {
                        guard (try? await client.create(NetNamespace(netname: "n\(number)", netid: 10))) != nil else {
                            continue
                        }
                        answers["n\(number)"] = .now
                    }
                    try await eventually { arrivals.times.withLock { $0.count } == 101 }
                    group.cancelAll()
                }
                let seen = arrivals.times.withLock { $0 }
                let delays = answers.compactMap { name, answered in seen[name].map { $0 - answered } }.sorted()
                #expect(delays.count == 100)
                // The median, because the machine may be busy.
                #expect(delays.count == 100 && delays[50] < .milliseconds(20))
            }
        }
    }
}
