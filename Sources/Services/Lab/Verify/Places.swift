package import ClusterAPI
package import LinuxSystem
package import NetworkTypes
package import PolicyEngine

/// Who has which address in a lab, and in which namespace.
package struct Places: Sendable {
    /// A place that packets can start in or arrive at.
    package struct Place: Hashable, Sendable {
        package let namespace: NamespaceReference
        package let addresses: [IPAddress]
        /// `namespace/pod`, `node/NAME` or `outside/NAME`.
        package let name: String
    }

    private var pods: [ObjectKey: Place] = [:]
    private var owners: [IPAddress: Place] = [:]
    /// Machines and pods by their printed names.
    package private(set) var byName: [String: Place] = [:]

    package init(_ name: LabName, _ topology: LabTopology, pods: [Pod]) {
        for node in topology.nodes {
            add(name.nodeNamespace(node.name), topology.addresses(ofNode: node.name), "node/" + node.name)
        }
        for host in topology.outside {
            add(name.outsideNamespace(host.name), host.addresses, "outside/" + host.name)
        }
        for pod in pods where !pod.hasTerminated {
            let addresses = pod.addressTexts.compactMap { IPAddress($0) }
            guard !addresses.isEmpty else { continue }
            let namespace =
                pod.isHostNetwork
                ? name.nodeNamespace(pod.spec?.nodeName ?? "")
                : name.podNamespace(namespace: pod.key.namespace, name: pod.key.name)
            let place = Place(namespace: .named(namespace), addresses: addresses, name: pod.key.description)
            self.pods[pod.key] = place
            byName[place.name] = place
            // A host-network pod has its node's addresses, which stay the node's.
            if !pod.isHostNetwork { for address in addresses { owners[address] = place } }
        }
    }

    private mutating func add(_ namespace: String, _ addresses: [IPAddress], _ name: String) {
        let place = Place(namespace: .named(namespace), addresses: addresses, name: name)
        byName[name] = place
        for address in addresses { owners[address] = place }
    }

    /// The probe that asks the network what a flow asks the engine; a reason when the lab cannot ask it.
    package func probe(for flow: Flow) -> Result<Probe, Unprobed> {
        let (source, sourceAddresses): (Place, [IPAddress])
        switch flow.from {
        case .pod(let key):
            guard let place = pods[key] else { return .failure(.noSuchPod(key)) }
            (source, sourceAddresses) = (place, place.addresses)
        case .address(let address):
            guard let place = owners[address] else { return .failure(.nobodys(address)) }
            (source, sourceAddresses) = (place, [address])
        }
        let targets: [IPAddress]
        switch flow.to {
        case .pod(let key):
            guard let place = pods[key] else { return .failure(.noSuchPod(key)) }
            targets = place.addresses
        case .address(let address):
            guard owners[address] != nil else { return .failure(.nobodys(address)) }
            targets = [address]
        }
        // The first address of the target that the source has a family for.
        for target in targets {
            guard let own = sourceAddresses.first(where: { $0.family == target.family }) else { continue }
            return .success(
                Probe(from: source.namespace, address: own, to: target, flow.transport, port: flow.port ?? 0))
        }
        return .failure(.noCommonFamily)
    }
}

/// Why a question cannot be put to the network of a lab.
package enum Unprobed: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchPod(ObjectKey)
    case nobodys(IPAddress)
    case noCommonFamily

    package var description: String {
        switch self {
        case .noSuchPod(let key): "\(key) has no address in the lab"
        case .nobodys(let address): "nobody in the lab has \(address)"
        case .noCommonFamily: "the two have no address family in common"
        }
    }
}
