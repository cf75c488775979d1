import ClusterAPI
import NetworkTypes

/// The endpoints that the slices of one service have to hold together, apart by what they have in common.
struct DesiredSlices {
    private(set) var endpoints: [SliceShape: [SliceEndpoint]] = [:]
    /// Of each there is a slice, if an empty one: it tells that nobody answers, not that nobody looked.
    private(set) var addressTypes: [String] = []

    /// Of a service with a selector, from the pods that it selects.
    init(of service: Service, pods: [SlicePod], nodes: [String: SliceNode]) {
        addressTypes = Self.addressTypes(of: service)
        for pod in pods {
            let node = pod.nodeName.flatMap { nodes[$0] }
            var addresses = pod.addresses
            if addresses.isEmpty, pod.isHostNetwork { addresses = node?.addresses ?? [] }
            let ports = (service.spec?.ports ?? []).compactMap { port in
                pod.number(of: port).map {
                    SlicePort(name: port.name ?? "", protocol: port.protocol, port: $0, appProtocol: port.appProtocol)
                }
            }
            for type in addressTypes {
                guard let address = addresses.first(where: { Self.type(of: $0) == type }) else { continue }
                let endpoint = Self.endpoint(of: pod, at: address, service, zone: node?.zone)
                endpoints[SliceShape(type, ports), default: []].append(endpoint)
            }
        }
    }

    /// Of a service whose endpoints somebody writes as an Endpoints object.
    init(mirroring object: Endpoints) {
        for subset in object.subsets ?? [] {
            for (list, isReady) in [(subset.addresses, true), (subset.notReadyAddresses, false)] {
                for entry in list ?? [] {
                    guard let type = Self.type(of: entry.ip) else { continue }
                    var endpoint = SliceEndpoint(
                        addresses: [entry.ip], conditions: EndpointConditions(ready: isReady), nodeName: entry.nodeName)
                    endpoint.hostname = entry.hostname
                    endpoint.targetRef = entry.targetRef
                    endpoints[SliceShape(type, subset.ports ?? []), default: []].append(endpoint)
                }
            }
        }
    }

    private static func type(of address: String) -> String? {
        IPAddress(address).map { $0.family == .v4 ? "IPv4" : "IPv6" }
    }

    private static func addressTypes(of service: Service) -> [String] {
        let given = service.spec?.ipFamilies ?? []
        if !given.isEmpty { return given }
        let own = service.clusterAddressTexts.compactMap(type)
        return own.isEmpty ? ["IPv4"] : own
    }

    private static func endpoint(
        of pod: SlicePod, at address: String, _ service: Service, zone: String?
    ) -> SliceEndpoint {
        // A pod that ends takes no new connections, unless who asked for pods that are not ready wants it all the same.
        let isReady = service.spec?.publishNotReadyAddresses == true || pod.isReady && !pod.isTerminating
        var endpoint = SliceEndpoint(
            addresses: [address],
            conditions: EndpointConditions(ready: isReady, serving: pod.isReady, terminating: pod.isTerminating),
            nodeName: pod.nodeName)
        endpoint.zone = zone
        endpoint.targetRef = TargetReference(
            kind: "Pod", namespace: pod.key.namespace, name: pod.key.name, uid: pod.uid)
        if let hostname = pod.hostname, !hostname.isEmpty, pod.subdomain == service.key.name {
            endpoint.hostname = hostname
        }
        if isReady { endpoint.hints = hints(service.spec?.trafficDistribution, endpoint) }
        return endpoint
    }

    private static func hints(_ distribution: String?, _ endpoint: SliceEndpoint) -> EndpointHints? {
        let zones = endpoint.zone.map { [$0] }
        switch distribution {
        case "PreferClose", "PreferSameZone": return zones.map { EndpointHints(zones: $0) }
        case "PreferSameNode": return endpoint.nodeName.map { EndpointHints(zones: zones, nodes: [$0]) }
        default: return nil
        }
    }
}
