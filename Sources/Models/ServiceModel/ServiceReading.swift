import ClusterAPI
import NetworkTypes

/// One service with its slices, read into frontends and what is behind them.
struct ServiceReading {
    /// For clients inside the cluster, and for those that come to a node's address.
    let choice: EndpointChoice
    let nodePortChoice: EndpointChoice
    private(set) var targets: [ServiceFrontend: ServiceTarget] = [:]
    private(set) var problems: [String] = []

    init(of spec: ServiceSpec?, nodeName: String, nodeZone: String?) {
        choice = EndpointChoice(
            nodeName: nodeName, nodeZone: nodeZone, isLocalOnly: spec?.internalTrafficPolicy == "Local")
        nodePortChoice = EndpointChoice(
            nodeName: nodeName, nodeZone: nodeZone, isLocalOnly: spec?.externalTrafficPolicy == "Local")
    }

    /// The default of `sessionAffinityConfig.clientIP.timeoutSeconds`.
    private static let defaultAffinitySeconds = 10_800

    mutating func read(_ service: Service, _ slices: [EndpointSlice]) {
        guard let spec = service.spec, !service.isExternalName else { return }
        let affinity = affinitySeconds(spec, of: service.key)
        for text in service.clusterAddressTexts {
            guard let address = IPAddress(text) else {
                report(service.key, "clusterIPs has '\(text)', which is no address: the service has no such address")
                continue
            }
            for port in spec.ports ?? [] {
                guard let (number, transport) = number(of: port, service.key) else { continue }
                let candidates = candidates(for: port, transport, address.family, slices)
                var target = ServiceTarget(
                    service: service.key, portName: port.name ?? "", backends: choice.backends(of: candidates),
                    affinitySeconds: affinity)
                targets[ServiceFrontend(address, transport, number)] = target
                guard let nodePort = nodePort(port, spec, service.key) else { continue }
                target.backends = nodePortChoice.backends(of: candidates)
                target.dependsOnNode = nodePortChoice.isLocalOnly
                targets[ServiceFrontend(.nodes(address.family), transport, nodePort)] = target
            }
        }
    }

    private mutating func number(of port: ServicePort, _ service: ObjectKey) -> (UInt16, TransportProtocol)? {
        guard let number = UInt16(exactly: port.port), number > 0 else {
            report(service, "port \(port.port) is no port: left out")
            return nil
        }
        guard let transport = TransportProtocol(parsing: port.protocol ?? "TCP"), transport.hasPorts else {
            report(service, "protocol '\(port.protocol ?? "")' of port \(number) is unknown: left out")
            return nil
        }
        return (number, transport)
    }

    /// What is left of another type in the object is no node port.
    private mutating func nodePort(_ port: ServicePort, _ spec: ServiceSpec, _ service: ObjectKey) -> UInt16? {
        guard spec.type == "NodePort" || spec.type == "LoadBalancer", let number = port.nodePort, number != 0 else {
            return nil
        }
        guard let exact = UInt16(exactly: number) else {
            report(service, "nodePort \(number) is no port: left out")
            return nil
        }
        return exact
    }

    private mutating func affinitySeconds(_ spec: ServiceSpec, of service: ObjectKey) -> UInt32? {
        guard spec.sessionAffinity == "ClientIP" else { return nil }
        let seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? Self.defaultAffinitySeconds
        guard (1...86_400).contains(seconds), let exact = UInt32(exactly: seconds) else {
            report(service, "timeoutSeconds \(seconds) is not within 1 and 86400: using \(Self.defaultAffinitySeconds)")
            return UInt32(Self.defaultAffinitySeconds)
        }
        return exact
    }

    private mutating func candidates(
        for port: ServicePort, _ transport: TransportProtocol, _ family: IPAddress.Family, _ slices: [EndpointSlice]
    ) -> [EndpointChoice.Candidate] {
        var candidates: [EndpointChoice.Candidate] = []
        for slice in slices where slice.addressType == (family == .v4 ? "IPv4" : "IPv6") {
            for slicePort in slice.ports ?? [] where (slicePort.name ?? "") == (port.name ?? "") {
                guard let number = slicePort.port.flatMap(UInt16.init(exactly:)), number > 0,
                    TransportProtocol(parsing: slicePort.protocol ?? "TCP") == transport
                else { continue }
                for endpoint in slice.endpoints {
                    guard let address = address(of: endpoint, family, in: slice) else { continue }
                    candidates.append(.init(backend: ServiceBackend(address, number), endpoint: endpoint))
                }
            }
        }
        return candidates
    }

    /// An API server refuses what only means something on one machine or link; who writes slices past it must not reach
    /// the node's own doors, nor a cloud's metadata, by way of a service.
    private mutating func address(
        of endpoint: SliceEndpoint, _ family: IPAddress.Family, in slice: EndpointSlice
    ) -> IPAddress? {
        let text = endpoint.addresses.first ?? ""
        if let address = IPAddress(text), address.family == family, !address.isUnspecified, !address.isLoopback,
            !address.isLinkLocal, !address.isMulticast
        {
            return address
        }
        problem("EndpointSlice \(slice.key): '\(text)' is no address that traffic can be sent to: left out")
        return nil
    }

    private mutating func report(_ service: ObjectKey, _ words: String) {
        problem("Service \(service): \(words)")
    }

    private mutating func problem(_ line: String) {
        if !problems.contains(line) { problems.append(line) }
    }
}
