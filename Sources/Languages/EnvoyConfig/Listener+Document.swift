import ClusterAPI
import NetworkTypes

/// Where a listener finds its routes.
enum RouteSource {
    case file(JSONValue)
    case inside(EnvoyResources.ConnectRoutes?)
}

extension EnvoyResources.Listener {
    func document(_ source: (EnvoyName) -> RouteSource) -> JSONValue {
        let isDatagram = if case .udp = service { true } else { false }
        let places = addresses.map { JSONValue.place($0, port, isDatagram: isDatagram) }
        var document: JSONValue = ["name": .string("\(name)")]
        document["address"] = places.first
        if places.count > 1 {
            document["additional_addresses"] = .array(places.dropFirst().map { ["address": $0] })
        }
        switch service {
        case .tcp(let cluster):
            document["tcp_keepalive"] = .keepalive
            document["filter_chains"] = [["filters": [tcpProxy(cluster)]]]
        case .udp(let cluster):
            document["udp_listener_config"] = [:]
            document["listener_filters"] = [udpProxy(cluster)]
        case .connect(let routes, let names):
            document["tcp_keepalive"] = .keepalive
            document["filter_chains"] = [["filters": [connectProxy(routes, names, source(routes))]]]
        }
        return document
    }

    /// Who is silent is not gone: keepalives find out.
    private func tcpProxy(_ cluster: EnvoyName) -> JSONValue {
        [
            "name": "envoy.filters.network.tcp_proxy",
            "typed_config": .typed(
                "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                [
                    "stat_prefix": .string("\(name)"), "cluster": .string("\(cluster)"), "idle_timeout": "0s",
                    "max_connect_attempts": 3,
                ]),
        ]
    }

    private func udpProxy(_ cluster: EnvoyName) -> JSONValue {
        let route = JSONValue.typed(
            "envoy.extensions.filters.udp.udp_proxy.v3.Route", ["cluster": .string("\(cluster)")])
        return [
            "name": "envoy.filters.udp_listener.udp_proxy",
            "typed_config": .typed(
                "envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig",
                [
                    "stat_prefix": .string("\(name)"), "idle_timeout": "60s",
                    "matcher": ["on_no_match": ["action": ["name": "route", "typed_config": route]]],
                ]),
        ]
    }

    /// Names are judged before they are looked up, since a question carries words outside, too; addresses once they are known.
    private func connectProxy(
        _ routes: EnvoyName, _ names: EnvoyResources.RequestedNames, _ source: RouteSource
    ) -> JSONValue {
        var manager: JSONValue = [
            "stat_prefix": .string("\(name)"), "codec_type": "HTTP1", "upgrade_configs": [["upgrade_type": "CONNECT"]],
            "stream_idle_timeout": "0s", "request_headers_timeout": "10s", "generate_request_id": false,
            "server_header_transformation": "PASS_THROUGH",
            "http_filters": [
                Self.guardFilter(ConnectFilters.names),
                [
                    "name": "gabion.resolve",
                    "typed_config": .typed(
                        "envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig",
                        ["dns_cache_config": names.document, "save_upstream_address": true]),
                ],
                Self.guardFilter(ConnectFilters.addresses),
                [
                    "name": "envoy.filters.http.router",
                    "typed_config": .typed("envoy.extensions.filters.http.router.v3.Router"),
                ],
            ],
        ]
        switch source {
        case .file(let place): manager["rds"] = ["config_source": place, "route_config_name": .string("\(routes)")]
        case .inside(let table): manager["route_config"] = table?.document ?? ["name": .string("\(routes)")]
        }
        return [
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": .typed(
                "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", manager),
        ]
    }

    /// Lets nothing through by itself: the routes say what.
    private static func guardFilter(_ name: String) -> JSONValue {
        [
            "name": .string(name),
            "typed_config": .typed(
                "envoy.extensions.filters.http.rbac.v3.RBAC", ["rules": ["action": "ALLOW", "policies": [:]]]),
        ]
    }
}

/// The filters that routes tell what to let through.
enum ConnectFilters {
    static let names = "gabion.names"
    static let addresses = "gabion.addresses"
}

extension JSONValue {
    static func place(_ address: IPAddress, _ port: UInt16, isDatagram: Bool = false) -> JSONValue {
        place("\(address)", port, isDatagram: isDatagram)
    }

    static func place(_ host: String, _ port: UInt16, isDatagram: Bool = false) -> JSONValue {
        [
            "socket_address": [
                "protocol": isDatagram ? "UDP" : "TCP", "address": .string(host), "port_value": .int(Int64(port)),
            ]
        ]
    }

    static let keepalive: JSONValue = ["keepalive_probes": 3, "keepalive_time": 60, "keepalive_interval": 20]
}
