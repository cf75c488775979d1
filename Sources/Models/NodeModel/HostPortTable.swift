import NetworkTypes
import ServiceModel

/// The host ports of this node's pods, as frontends: node ports that only this node has.
struct HostPortTable: Sendable {
    private var claims: [ServiceFrontend: [String: ServiceTarget]] = [:]
    private(set) var changed: Set<ServiceFrontend> = []

    mutating func add(_ attachment: PodAttachment) {
        for (frontend, target) in Self.targets(attachment) {
            claims[frontend, default: [:]][attachment.interface] = target
            changed.insert(frontend)
        }
    }

    mutating func remove(_ attachment: PodAttachment) {
        for frontend in Self.targets(attachment).keys {
            claims[frontend]?[attachment.interface] = nil
            if claims[frontend]?.isEmpty == true { claims[frontend] = nil }
            changed.insert(frontend)
        }
    }

    mutating func forgetChanges() { changed = [] }

    /// Of several the first by interface: which is chance, but always the same.
    subscript(_ frontend: ServiceFrontend) -> ServiceTarget? { claims[frontend]?.min { $0.key < $1.key }?.value }

    /// Host ports that nobody is led to, ascending; `services` have theirs first.
    func problems(beside services: [ServiceFrontend: ServiceTarget]) -> [String] {
        claims.flatMap { frontend, owners in
            owners.sorted { $0.key < $1.key }.enumerated().compactMap { index, owner in
                let pod = owner.value.service
                if let service = services[frontend]?.service {
                    return "Pod \(pod): host port \(frontend) belongs to Service \(service), which gets the connections"
                }
                guard index > 0, let first = self[frontend]?.service else { return nil }
                return "Pod \(pod): host port \(frontend) belongs to Pod \(first), which gets the connections"
            }
        }.sorted()
    }

    /// Of each family that the pod has and the host address allows.
    private static func targets(_ attachment: PodAttachment) -> [ServiceFrontend: ServiceTarget] {
        var targets: [ServiceFrontend: ServiceTarget] = [:]
        for hostPort in attachment.hostPorts {
            for address in attachment.addresses where hostPort.address.map({ $0.family == address.family }) ?? true {
                let place = hostPort.address.map { ServiceFrontend.Place.address($0) } ?? .nodes(address.family)
                var target = ServiceTarget(
                    service: attachment.pod, backends: [ServiceBackend(address, hostPort.port)])
                // Other nodes have no such port.
                target.dependsOnNode = true
                targets[ServiceFrontend(place, hostPort.transport, hostPort.hostPort)] = target
            }
        }
        return targets
    }
}
