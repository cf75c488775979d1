import ClusterAPI
import ClusterDNS
import EmbeddedAPI
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes
import TestSupport
import Testing

/// A server of names on loopback, and a real API server that it reads.
enum DNSFixture {
    typealias Change = @Sendable (inout ClusterDNSConfiguration) -> Void

    static let loopback = IPAddress(v4: 0x7F00_0001)
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Where a server listens.
    struct Doors: Sendable {
        let datagrams: NameClient
        let streams: NameClient
    }

    /// A client of the API in a directory, whether a server runs there or not.
    static func withClient(
        of directory: TemporaryDirectory, _ body: (KubernetesClient) async throws -> Void
    ) async throws {
        let configuration = ClusterConfiguration(
            server: .unixSocket(path: directory.file("api.sock")), origin: "test")
        try await KubernetesClient.withClient(configuration, logger: silent, body)
    }

    /// An API server while `body` runs; what it stores stays in the directory.
    static func withAPI(in directory: TemporaryDirectory, _ body: @Sendable () async throws -> Void) async throws {
        let server = try EmbeddedAPIServer(
            configuration: EmbeddedAPIConfiguration(
                dataDirectory: directory.file("api"), listen: [], socketPath: directory.file("api.sock")),
            logger: silent)
        let (ready, signal) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run { _ in signal.yield() }
            }
            for await _ in ready { break }
            defer { server.shutDown() }
            try await body()
        }
    }

    /// A server of names while `body` runs.
    static func withNames(
        _ client: KubernetesClient, upstreams: [SocketAddress] = [], isEmbedded: Bool? = true,
        listener: IPAddress = loopback, _ change: @escaping Change = { _ in },
        _ body: (Doors) async throws -> Void
    ) async throws {
        var configuration = ClusterDNSConfiguration(
            listeners: [DNSPlace(listener, port: 0)], upstreams: upstreams.map { DNSPlace($0.address, port: $0.port) })
        configuration.limits.startPatience = .milliseconds(300)
        change(&configuration)
        let (bound, signal) = AsyncStream<ClusterDNS.Listener>.makeStream()
        let server = try ClusterDNS(
            zone: try #require(DomainName("cluster.local")), configuration, client: client, logger: silent,
            isEmbedded: { isEmbedded }, onListening: { signal.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run()
            }
            var ports: [Bool: UInt16] = [:]
            for await listener in bound {
                ports[listener.isStream] = listener.place.port
                if ports.count == 2 { break }
            }
            if let datagrams = ports[false], let streams = ports[true] {
                try await body(
                    Doors(
                        datagrams: NameClient(SocketAddress(listener, port: datagrams), isStream: false),
                        streams: NameClient(SocketAddress(listener, port: streams), isStream: true)))
                group.cancelAll()
            }
            try await group.waitForAll()
        }
    }

    /// Both, with services in the namespace `default`.
    static func with(
        _ services: [Service], slices: [EndpointSlice] = [], upstreams: [SocketAddress] = [],
        _ change: @escaping Change = { _ in },
        _ body: @escaping @Sendable (Doors, KubernetesClient) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        try await withAPI(in: directory) {
            try await withClient(of: directory) { client in
                for service in services { try await client.create(service) }
                for slice in slices { try await client.create(slice) }
                try await withNames(client, upstreams: upstreams, change) { try await body($0, client) }
            }
        }
    }

    static func headless(_ name: String) -> Service {
        Service(
            metadata: ObjectMeta(name: name, namespace: "default"),
            spec: ServiceSpec(clusterIPs: ["None"], ports: [ServicePort(name: "pg", port: 5432)]))
    }

    static func external(_ name: String, _ target: String) -> Service {
        var spec = ServiceSpec()
        spec.type = "ExternalName"
        spec.externalName = target
        return Service(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec)
    }

    static func slice(of service: String, _ addresses: [String]) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: service + "-1", namespace: "default", labels: [EndpointSlice.serviceLabel: service]),
            addressType: "IPv4", endpoints: addresses.map { SliceEndpoint(addresses: [$0]) },
            ports: [SlicePort(name: "pg", port: 5432)])
    }
}
