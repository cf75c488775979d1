package import AddressAllocation
package import ClusterAPI
import NetworkTypes

/// Gives a Service its cluster addresses and node ports, or says why it cannot have those it asks for.
///
/// Pure: what others have is asked for, chance is an argument. The words of refusals are those of the real server.
package struct ServiceAllocation {
    /// One range per family at most; the family of the first is the default.
    package let ranges: [ServiceAddressRange]
    package let nodePorts: NodePortRange
    /// Where searches for something free begin: a random number.
    private let start: UInt64
    /// Whether another Service has it.
    private let isTaken: (ServiceClaim) -> Bool

    package init(
        ranges: [ServiceAddressRange], nodePorts: NodePortRange, start: UInt64,
        isTaken: @escaping (ServiceClaim) -> Bool
    ) {
        self.ranges = ranges
        self.nodePorts = nodePorts
        self.start = start
        self.isTaken = isTaken
    }

    /// The service with everything that it needs.
    ///
    /// `object` has its defaults and is valid by itself; `existing` is the stored object that it replaces. What the
    /// service has already it keeps, whether it is in a range or not. Throws 422, or 500 when nothing is left.
    package func complete(
        _ object: JSONValue, replacing existing: JSONValue? = nil, of resource: ResourceDescriptor
    ) throws(APIStatus) -> JSONValue {
        var service = ServiceParts(object)
        guard service["type"] != nil else { return object }
        let earlier = existing.map(ServiceParts.init)
        var failures = ServiceFamilies(ranges: ranges).settle(&service, replacing: earlier)
        guard failures.isEmpty else { throw .invalid(resource, name: service.name, failures) }
        var own = existing.map { ServiceClaim.all(of: $0, resource: "services") } ?? []
        failures += try giveAddresses(&service, own)
        failures += try givePorts(&service, &own)
        guard failures.isEmpty else { throw .invalid(resource, name: service.name, failures) }
        return service.object
    }

    private func giveAddresses(
        _ service: inout ServiceParts, _ own: Set<ServiceClaim>
    ) throws(APIStatus) -> [FieldError] {
        guard service.needsAddress, !service.isHeadless else { return [] }
        var failures: [FieldError] = []
        var addresses = service.clusterIPs
        for (index, family) in service.families.enumerated() {
            guard let range = ranges.first(where: { $0.familyName == family }) else { continue }
            if index < addresses.count {
                guard let problem = problem(with: addresses[index], in: range, own) else { continue }
                failures.append(
                    .invalid(
                        "spec.clusterIPs", service["clusterIPs"] ?? [],
                        "failed to allocate IP \(addresses[index]): \(problem)"))
            } else {
                guard let address = range.free(from: start, isTaken: { isTaken(.address($0)) }) else {
                    throw .internalError("failed to allocate a serviceIP: range is full")
                }
                addresses.append("\(address)")
            }
        }
        service.clusterIPs = addresses
        return failures
    }

    private func problem(with text: String, in range: ServiceAddressRange, _ own: Set<ServiceClaim>) -> String? {
        guard let address = IPAddress(text), !own.contains(.address(address)) else { return nil }
        if !range.contains(address) {
            return "the provided IP (\(address)) is not in the valid range. The range of valid IPs is \(range)"
        }
        return isTaken(.address(address)) ? "provided IP is already allocated" : nil
    }
}

extension ServiceAllocation {
    private static let allocated = "provided port is already allocated"

    private func givePorts(
        _ service: inout ServiceParts, _ own: inout Set<ServiceClaim>
    ) throws(APIStatus) -> [FieldError] {
        guard service.isExternal else { return [] }
        var failures: [FieldError] = []
        /// The node port of a number: its protocols share one, as far as nobody says otherwise.
        var shared: [Int64: Int64] = [:]
        for (index, port) in service.ports.enumerated() {
            guard let chosen = port.nodePort else { continue }
            if shared[port.number] == nil { shared[port.number] = chosen }
            if let problem = claim(chosen, &own) {
                failures.append(.invalid("spec.ports[\(index)].nodePort", .int(chosen), problem))
            }
        }
        if let chosen = service.healthPort {
            let isShared = service.ports.contains { $0.nodePort == chosen }
            if let problem = isShared ? Self.allocated : claim(chosen, &own) {
                failures.append(.invalid("spec.healthCheckNodePort", .int(chosen), problem))
            }
        }
        guard failures.isEmpty else { return failures }
        if service.needsNodePorts {
            for (index, port) in service.ports.enumerated() where port.nodePort == nil {
                if shared[port.number] == nil { shared[port.number] = try draw(&own, "nodePort") }
                service.setNodePort(shared[port.number], at: index)
            }
        }
        if service.needsHealthPort, service.healthPort == nil {
            service.healthPort = try draw(&own, "HealthCheck NodePort")
        }
        return []
    }

    /// Takes a chosen port, or says why it cannot be had.
    private func claim(_ number: Int64, _ own: inout Set<ServiceClaim>) -> String? {
        guard let port = UInt16(exactly: number), own.contains(.nodePort(port)) || nodePorts.contains(port) else {
            return "provided port is not in the valid range. The range of valid ports is \(nodePorts)"
        }
        guard own.contains(.nodePort(port)) || !isTaken(.nodePort(port)) else {
            return Self.allocated
        }
        own.insert(.nodePort(port))
        return nil
    }

    private func draw(_ own: inout Set<ServiceClaim>, _ what: String) throws(APIStatus) -> Int64 {
        let taken = own
        let free = nodePorts.free(from: start) { taken.contains(.nodePort($0)) || isTaken(.nodePort($0)) }
        guard let free else { throw .internalError("failed to allocate a \(what): range is full") }
        own.insert(.nodePort(free))
        return Int64(free)
    }
}

extension ServiceAddressRange {
    /// As `ipFamilies` has it.
    var familyName: String { family == .v4 ? "IPv4" : "IPv6" }
}
