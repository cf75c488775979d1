import ClusterAPI

/// The endpoints that the slices of one service have to hold together, apart by what they have in common.
struct DesiredSlices {
    private(set) var endpoints: [SliceShape: [SliceEndpoint]] = [:]
    /// Of each there is a slice, if an empty one: it tells that nobody answers, not that nobody looked.
    private(set) var addressTypes: [String] = []

    /// Of a service with a selector, from the pods that it selects.
    init(of service: Service, pods: [SlicePod], nodes: [String: SliceNode]) {
        addressTypes = SliceShape.addressTypes(of: service)
        for pod in pods {
            let zone = pod.nodeName.flatMap { nodes[$0] }?.zone
            let ports = pod.ports(of: service)
            for type in addressTypes {
                guard let address = pod.address(type, on: nodes) else { continue }
                let endpoint = Self.endpoint(of: pod, at: address, service, zone: zone)
                endpoints[SliceShape(type, ports), default: []].append(endpoint)
            }
        }
    }

    /// Of a service whose endpoints somebody writes as an Endpoints object.
    init(mirroring object: Endpoints) {
        for subset in object.subsets ?? [] {
            for (list, isReady) in [(subset.addresses, true), (subset.notReadyAddresses, false)] {
                for entry in list ?? [] {
                    guard let type = SliceShape.addressType(of: entry.ip) else { continue }
                    var endpoint = SliceEndpoint(
                        addresses: [entry.ip], conditions: EndpointConditions(ready: isReady), nodeName: entry.nodeName)
                    endpoint.hostname = entry.hostname
                    endpoint.targetRef = entry.targetRef
                    endpoints[SliceShape(type, subset.ports ?? []), default: []].append(endpoint)
                }
            }
        }
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
        endpoint.targetRef = pod.reference()
        endpoint.hostname = pod.hostname(behind: service)
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
