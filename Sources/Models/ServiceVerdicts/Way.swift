package import ClusterAPI
package import EgressSelection
package import NetworkTypes
package import PolicyEngine
package import ServiceModel

/// One way that a connection may take.
package struct Way: Hashable, Sendable {
    package enum Course: Hashable, Sendable {
        /// As policies see it, with what they say.
        case judged(Flow, Verdict)
        case stopped(Stop)
    }

    /// Who of a service answers there; nil where the connection goes where it says, or nowhere.
    package struct Endpoint: Hashable, Sendable {
        package let service: ObjectKey
        package let backend: ServiceBackend
        /// Who has the backend's address; nil for who is no pod.
        package let pod: ObjectKey?

        package var name: String { pod.map { "\($0) (\(backend))" } ?? backend.description }
    }

    package let endpoint: Endpoint?
    package let course: Course
    /// With which address it leaves the cluster; nil if it does not, or if no pod opens it.
    package let departure: Departure?

    init(endpoint: Endpoint?, course: Course, departure: Departure? = nil) {
        self.endpoint = endpoint
        self.course = course
        self.departure = departure
    }

    /// Policies allow it, and if it leaves the cluster there is an address for it.
    package var isAllowed: Bool { isAllowedByPolicies && departure?.isClosed != true }

    package var isAllowedByPolicies: Bool {
        switch course {
        case .judged(_, let verdict): verdict.allowed
        case .stopped: false
        }
    }

    package var flow: Flow? { if case .judged(let flow, _) = course { flow } else { nil } }

    /// Who answers, how many others are like it, and what decides; one line.
    func text(andMore others: Int) -> String {
        let rest = others > 0 ? " (and \(others) more)" : ""
        guard let endpoint else { return reason + rest }
        return "Service \(endpoint.service) → \(endpoint.name)\(rest): \(reason)"
    }

    private var reason: String {
        switch course {
        case .judged(_, let verdict):
            if let departure, departure.isClosed, verdict.allowed { departure.description } else { verdict.rule }
        case .stopped(let stop): stop.description
        }
    }
}

/// What ends a connection before any policy is asked, by the name that the drop has on the nodes.
package enum Stop: Hashable, Sendable, CustomStringConvertible {
    /// The service has nobody there; with the node, where others have somebody.
    case noEndpoint(of: ObjectKey, at: ServiceFrontend, onNode: String?)
    /// An address of services' that none has, or not with this port.
    case noService(at: IPAddress, port: UInt16?, TransportProtocol)
    /// `loadBalancerSourceRanges` do not have the client.
    case sourceRange(of: ObjectKey, client: String)

    /// As rules and counters are called on the nodes.
    package var drop: String {
        switch self {
        case .noEndpoint, .noService: "drop_unserved"
        case .sourceRange: "drop_source_range"
        }
    }

    /// The client hears at once that nobody is there.
    package var isRefusal: Bool { drop == "drop_unserved" }

    package var description: String {
        switch self {
        case .noEndpoint(let service, let frontend, let node):
            let place = node.map { " on node \($0)" } ?? ""
            return "Service \(service) has no endpoint\(place): refused at \(frontend)"
        case .noService(let address, let port, let transport):
            let place = port.map { "\(address.bracketed):\($0)/\(transport.rawValue)" } ?? "\(address)"
            return "\(drop): no service has \(place)"
        case .sourceRange(let service, let client):
            return "\(drop): loadBalancerSourceRanges of Service \(service) do not have \(client)"
        }
    }
}
