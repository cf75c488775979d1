import ClusterAPI

/// The specification read line by line, in text: every name of a cluster with its records.
///
/// Knows nothing of how the zone does it.
struct NaiveZone {
    private(set) var records: [String: Set<String>] = [:]
    private(set) var pointers: [String: Set<String>] = [:]

    init(namespaces: Set<String>, services: [Service], slices: [EndpointSlice], pods: [Pod]) {
        records["cluster.local."] = []
        records["svc.cluster.local."] = []
        records["dns-version.cluster.local."] = ["1.1.0"]
        records["pod.cluster.local."] = []
        // Namespaces are there, or have something in them.
        for namespace in namespaces.union((services.map(\.metadata) + pods.map(\.metadata)).compactMap(\.namespace)) {
            records["\(namespace).svc.cluster.local."] = []
            records["\(namespace).pod.cluster.local."] = []
        }
        for pod in pods where pod.status?.phase != "Succeeded" && pod.status?.phase != "Failed" {
            for address in pod.status?.podIPs ?? [] {
                let name = "\(Self.dashed(address.ip)).\(pod.metadata.namespace ?? "").pod.cluster.local."
                records[name] = [address.ip]
            }
        }
        for service in services {
            let own = slices.filter {
                $0.metadata.namespace == service.key.namespace
                    && $0.metadata.labels?[EndpointSlice.serviceLabel] == service.key.name
            }
            read(service, own)
        }
        // Whatever has a name below it is there.
        for name in records.keys {
            var rest = Substring(name)
            while let dot = rest.firstIndex(of: "."), rest.hasSuffix("svc.cluster.local."), rest != "svc.cluster.local."
            {
                records[String(rest)] = records[String(rest)] ?? []
                rest = rest[rest.index(after: dot)...]
            }
        }
    }

    private static func dashed(_ address: String) -> String {
        address.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "-")
            .split(separator: ":", omittingEmptySubsequences: false).joined(separator: "-")
    }

    private mutating func read(_ service: Service, _ slices: [EndpointSlice]) {
        let name = "\(service.key.name).\(service.key.namespace).svc.cluster.local."
        records[name] = []
        if service.spec?.type == "ExternalName" {
            records[name] = ["is \(service.spec?.externalName ?? "")."]
            return
        }
        if service.spec?.clusterIPs != ["None"] {
            for address in service.spec?.clusterIPs ?? [] {
                records[name]?.insert(address)
                pointers[address, default: []].insert(name)
            }
            for port in service.spec?.ports ?? [] {
                guard let portName = port.name else { continue }
                let transport = (port.protocol ?? "TCP").lowercased()
                records["_\(portName)._\(transport).\(name)", default: []].insert("\(port.port) at \(name)")
            }
            return
        }
        for slice in slices {
            for endpoint in slice.endpoints {
                let isPublished = endpoint.conditions?.ready != false || service.spec?.publishNotReadyAddresses == true
                if !isPublished { continue }
                let address = endpoint.addresses[0]
                let own = "\(endpoint.hostname ?? Self.dashed(address)).\(name)"
                records[name]?.insert(address)
                records[own, default: []].insert(address)
                pointers[address, default: []].insert(own)
                for port in slice.ports ?? [] {
                    guard let portName = port.name, let number = port.port else { continue }
                    let transport = (port.protocol ?? "TCP").lowercased()
                    records["_\(portName)._\(transport).\(name)", default: []].insert("\(number) at \(own)")
                }
            }
        }
    }
}
