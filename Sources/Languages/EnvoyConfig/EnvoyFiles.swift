import ClusterAPI
import NetworkTypes

/// Where one Envoy finds what it is to do, and its administrator's socket; absolute paths.
package struct EnvoyFiles: Hashable, Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package var bootstrap: String { directory + "/bootstrap.json" }
    package var listeners: String { directory + "/listeners.json" }
    package var clusters: String { directory + "/clusters.json" }
    package var routes: String { directory + "/routes.json" }
    package var admin: String { directory + "/admin.sock" }
    package var pid: String { directory + "/envoy.pid" }
    package var log: String { directory + "/envoy.log" }
}

extension EnvoyFiles {
    /// What Envoy starts with: where the rest is.
    ///
    /// It reads each file again when another takes its place.
    package func bootstrapText(maximumConnections: Int) -> String {
        var document = frame(maximumConnections)
        document["dynamic_resources"] = ["lds_config": Self.source(listeners), "cds_config": Self.source(clusters)]
        return document.protoText
    }

    /// All in one file, for `envoy --mode validate`, which looks into no other.
    package func checkText(_ resources: EnvoyResources, maximumConnections: Int) -> String {
        var document = frame(maximumConnections)
        let routes = Dictionary(resources.routes.map { ($0.name, $0) }) { first, _ in first }
        document["static_resources"] = [
            "listeners": .array(resources.listeners.map { $0.document { .inside(routes[$0]) } }),
            "clusters": .array(resources.clusters.map(\.document)),
        ]
        return document.protoText
    }

    package func listenersText(_ resources: EnvoyResources) -> String {
        Self.response(
            "envoy.config.listener.v3.Listener",
            resources.listeners.map { $0.document { _ in .file(Self.source(routes)) } })
    }

    package func clustersText(_ resources: EnvoyResources) -> String {
        Self.response("envoy.config.cluster.v3.Cluster", resources.clusters.map(\.document))
    }

    package func routesText(_ resources: EnvoyResources) -> String {
        Self.response("envoy.config.route.v3.RouteConfiguration", resources.routes.map(\.document))
    }

    private static func version(of resources: [JSONValue]) -> String {
        JSONValue.array(resources).protoText.stableHash
    }

    private func frame(_ maximumConnections: Int) -> JSONValue {
        [
            "node": ["id": "gabion-gateway", "cluster": "gabion"],
            // No address, and so nothing that a connection through the gateway could reach.
            "admin": ["address": ["pipe": ["path": .string(admin), "mode": 0o600]]],
            // The longest pattern of a name is larger than the 100 instructions that Envoy allows unless told otherwise.
            "layered_runtime": [
                "layers": [["name": "gabion", "static_layer": ["re2.max_program_size.error_level": 8192]]]
            ],
            "overload_manager": [
                "resource_monitors": [
                    [
                        "name": "envoy.resource_monitors.global_downstream_max_connections",
                        "typed_config": .typed(
                            "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                            ["max_active_downstream_connections": .int(Int64(maximumConnections))]),
                    ]
                ]
            ],
        ]
    }

    private static func source(_ path: String) -> JSONValue {
        ["path_config_source": ["path": .string(path)], "resource_api_version": "V3"]
    }

    private static func response(_ type: String, _ resources: [JSONValue]) -> String {
        let typed = resources.map { JSONValue.typed(type, $0) }
        let document: JSONValue = [
            "version_info": .string(version(of: resources)), "resources": .array(typed),
        ]
        return document.protoText
    }
}

/// What Envoy tells as `version_text` once it has taken a file.
extension EnvoyFiles {
    package func listenersVersion(_ resources: EnvoyResources) -> String {
        Self.version(of: resources.listeners.map { $0.document { _ in .file(Self.source(routes)) } })
    }

    package func clustersVersion(_ resources: EnvoyResources) -> String {
        Self.version(of: resources.clusters.map(\.document))
    }
}
