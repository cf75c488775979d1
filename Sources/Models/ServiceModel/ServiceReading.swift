import AddressAllocation
import ClusterAPI
import NetworkTypes

/// One service with its slices, read into frontends and what is behind them.
struct ServiceReading {
    /// For clients inside the cluster that ask for its address there.
    private let clusterChoice: EndpointChoice
    /// For those that come to a node's address, or to one from outside.
    private let externalChoice: EndpointChoice
    /// For clients inside the cluster that ask for an address from outside, as kube-proxy has it: any endpoint.
    private let anyChoice: EndpointChoice
    private let rules: ExternalIPRules
    private(set) var targets: [ServiceFrontend: ServiceTarget] = [:]
    private(set) var healthCheck: ServiceHealthCheck?
    private(set) var problems: [String] = []

    init(of spec: ServiceSpec?, nodeName: String, nodeZone: String?, rules: ExternalIPRules) {
        func choice(_ isLocalOnly: Bool) -> EndpointChoice {
            EndpointChoice(nodeName: nodeName, nodeZone: nodeZone, isLocalOnly: isLocalOnly)
        }
        clusterChoice = choice(spec?.internalTrafficPolicy == "Local")
        externalChoice = choice(spec?.externalTrafficPolicy == "Local")
        anyChoice = choice(false)
        self.rules = rules
    }

    /// The default of `sessionAffinityConfig.clientIP.timeoutSeconds`.
    private static let defaultAffinitySeconds = 10_800

    mutating func read(_ service: Service, _ slices: [EndpointSlice]) {
        guard let spec = service.spec, !service.isExternalName else { return }
        let addresses = clusterAddresses(service)
        let families = IPAddress.Family.allCases.filter { family in addresses.contains { $0.family == family } }
        let doors = externalDoors(service, families)
        let affinity = affinitySeconds(spec, of: service.key)
        for port in spec.ports ?? [] {
            guard let (number, transport) = number(of: port, service.key) else { continue }
            let nodePort = nodePort(port, spec, service.key)
            for family in families {
                let candidates = candidates(for: port, transport, family, slices)
                var target = ServiceTarget(
                    service: service.key, portName: port.name ?? "", backends: clusterChoice.backends(of: candidates),
                    affinitySeconds: affinity)
                for address in addresses where address.family == family {
                    targets[ServiceFrontend(address, transport, number)] = target
                }
                target.backends = externalChoice.backends(of: candidates)
                target.dependsOnNode = externalChoice.isLocalOnly
                if let nodePort { targets[ServiceFrontend(.nodes(family), transport, nodePort)] = target }
                for door in doors where door.address.family == family {
                    target.sourceRanges = door.sourceRanges
                    target.backends = externalChoice.backends(of: candidates)
                    targets[ServiceFrontend(door.address, transport, number)] = target
                    guard externalChoice.isLocalOnly else { continue }
                    target.backends = anyChoice.backends(of: candidates)
                    targets[ServiceFrontend(.inside(door.address), transport, number)] = target
                }
            }
        }
        healthCheck = readHealthCheck(service, addresses.first?.family, slices)
    }

    private mutating func clusterAddresses(_ service: Service) -> [IPAddress] {
        service.clusterAddressTexts.compactMap { text in
            if let address = IPAddress(text) { return address }
            report(service.key, "clusterIPs has '\(text)', which is no address: the service has no such address")
            return nil
        }
    }

    /// Of addresses from outside that nobody allows none is used.
    ///
    /// Where one was both chosen and given, the limits of a load balancer hold.
    private mutating func externalDoors(_ service: Service, _ families: [IPAddress.Family]) -> [ExternalDoor] {
        let reading = ExternalDoorReading(service, families, rules)
        for problem in reading.problems { report(service.key, problem) }
        return reading.doors
    }

    private mutating func readHealthCheck(
        _ service: Service, _ family: IPAddress.Family?, _ slices: [EndpointSlice]
    ) -> ServiceHealthCheck? {
        guard let number = service.spec?.healthCheckNodePort, number != 0, service.spec?.type == "LoadBalancer",
            externalChoice.isLocalOnly, let family
        else { return nil }
        guard let port = UInt16(exactly: number) else {
            report(service.key, "healthCheckNodePort \(number) is no port: left out")
            return nil
        }
        var ready: Set<String> = []
        for slice in slices where slice.addressType == "IP\(family)" {
            for endpoint in slice.endpoints where endpoint.isReady && endpoint.nodeName == externalChoice.nodeName {
                if let address = endpoint.addresses.first { ready.insert(address) }
            }
        }
        return ServiceHealthCheck(port: port, localEndpoints: ready.count)
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
                    guard let address = address(of: endpoint, in: slice) else { continue }
                    candidates.append(.init(backend: ServiceBackend(address, number), endpoint: endpoint))
                }
            }
        }
        return candidates
    }

    private mutating func address(of endpoint: SliceEndpoint, in slice: EndpointSlice) -> IPAddress? {
        if let address = slice.address(of: endpoint) { return address }
        let text = endpoint.addresses.first ?? ""
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
