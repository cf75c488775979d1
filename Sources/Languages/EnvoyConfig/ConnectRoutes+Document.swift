import ClusterAPI
import NetworkTypes

extension EnvoyResources.ConnectRoutes {
    var document: JSONValue {
        let connect: JSONValue = [
            "match": ["connect_matcher": [:]],
            "route": [
                "cluster": .string("\(cluster)"), "timeout": "0s", "idle_timeout": "0s",
                "upgrade_configs": [["upgrade_type": "CONNECT", "connect_config": [:]]],
            ],
        ]
        let rest: JSONValue = ["match": ["prefix": "/"], "direct_response": ["status": 403]]
        return [
            "name": .string("\(name)"),
            "virtual_hosts": [
                [
                    "name": "all", "domains": ["*"], "routes": [connect, rest],
                    "typed_per_filter_config": .object([
                        ConnectFilters.names: Self.rules(allowed.map { .authority($0.authority) }),
                        ConnectFilters.addresses: Self.rules(allowed.map(\.permission)),
                    ]),
                ]
            ],
        ]
    }

    /// CONNECT, and one of these.
    private static func rules(_ permissions: [JSONValue]) -> JSONValue {
        let isConnect: JSONValue = ["header": ["name": ":method", "string_match": ["exact": "CONNECT"]]]
        let policy: JSONValue = [
            "permissions": [["and_rules": ["rules": [isConnect, ["or_rules": ["rules": .array(permissions)]]]]]],
            "principals": [["any": true]],
        ]
        return .typed(
            "envoy.extensions.filters.http.rbac.v3.RBACPerRoute",
            // Without permissions there is no policy, and nothing goes through.
            ["rbac": ["rules": ["action": "ALLOW", "policies": permissions.isEmpty ? [:] : ["allowed": policy]]]])
    }
}

extension EnvoyResources.ConnectRoutes.Destination {
    /// How it is asked for, as a regular expression (RE2) of the whole `HOST:PORT`.
    var authority: String {
        switch self {
        case .host(let pattern, let port): "(?i)\(pattern.expression):\(port)"
        case .range(let range, let port):
            // Numbers that are no address are no name either: Envoy finds nothing for them.
            range.family == .v4
                ? "[0-9]{1,3}(\\.[0-9]{1,3}){3}:\(port)" : "\\[[0-9a-fA-F:.]+\\]:\(port)"
        }
    }

    /// The same when the address is known.
    var permission: JSONValue {
        guard case .range(let range, _) = self else { return .authority(authority) }
        let address: JSONValue = [
            "matcher": [
                "name": "envoy.rbac.matchers.upstream_ip_port",
                "typed_config": .typed(
                    "envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher",
                    ["upstream_ip": range.document]),
            ]
        ]
        return ["and_rules": ["rules": [.authority(authority), address]]]
    }
}

extension HostPattern {
    var expression: String {
        let label = "[a-z0-9_-]+"
        let own = name.hostText.unicodeScalars.map { Self.isPlain($0) ? "\($0)" : "\\\($0)" }.joined()
        return switch reach {
        case .itself: own
        case .oneLabelMore: "\(label)\\.\(own)"
        case .atLeastOneLabelMore: "(\(label)\\.)+\(own)"
        }
    }

    private static func isPlain(_ scalar: UnicodeScalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || scalar == "-" || scalar == "_"
    }
}

extension JSONValue {
    static func authority(_ expression: String) -> JSONValue {
        ["header": ["name": ":authority", "string_match": ["safe_regex": ["regex": .string(expression)]]]]
    }
}
