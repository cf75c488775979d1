import ClusterAPI
import NetworkTypes

extension EnvoyResources.Cluster {
    var document: JSONValue {
        var document: JSONValue = [
            "name": .string("\(name)"), "connect_timeout": "5s",
            "upstream_connection_options": ["tcp_keepalive": .keepalive],
        ]
        switch destination {
        case .address(let address, let port):
            document["type"] = "STATIC"
            document["load_assignment"] = assignment(.place(address, port))
        case .host(let host, let port, let families):
            document["cluster_type"] = [
                "name": "envoy.clusters.dns",
                "typed_config": .typed(
                    "envoy.extensions.clusters.dns.v3.DnsCluster",
                    [
                        "respect_dns_ttl": true, "dns_refresh_rate": "5s",
                        "dns_failure_refresh_rate": ["base_interval": "1s", "max_interval": "10s"],
                        "dns_lookup_family": .string(families.rawValue), "typed_dns_resolver_config": .resolver,
                    ]),
            ]
            // A name that nobody answers for does not hold up the other ports.
            document["wait_for_warm_on_init"] = false
            document["load_assignment"] = assignment(.place(host.hostText, port))
        case .requested(let names):
            document["lb_policy"] = "CLUSTER_PROVIDED"
            document["cluster_type"] = [
                "name": "envoy.clusters.dynamic_forward_proxy",
                "typed_config": .typed(
                    "envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig",
                    ["dns_cache_config": names.document]),
            ]
        }
        return document
    }

    private func assignment(_ place: JSONValue) -> JSONValue {
        [
            "cluster_name": .string("\(name)"),
            "endpoints": [["lb_endpoints": [["endpoint": ["address": place]]]]],
        ]
    }
}

extension EnvoyResources.RequestedNames {
    var document: JSONValue {
        [
            "name": .string("\(cluster)"), "dns_lookup_family": .string(families.rawValue),
            "typed_dns_resolver_config": .resolver, "host_ttl": "60s", "max_hosts": 4096,
            "resolved_address_filter": ["ranges": .array(closed.map(\.document))],
        ]
    }
}

extension CIDR {
    var document: JSONValue {
        ["address_prefix": .string("\(address)"), "prefix_len": .int(Int64(prefixLength))]
    }
}

extension DomainName {
    /// Without the dot at the end.
    var hostText: String {
        let text = description
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

extension JSONValue {
    /// The servers of `/etc/resolv.conf`, asked for names as they are written.
    static let resolver: JSONValue = [
        "name": "envoy.network.dns_resolver.cares",
        "typed_config": typed(
            "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
            ["dns_resolver_options": ["no_default_search_domain": true]]),
    ]
}
