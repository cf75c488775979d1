package import NetworkTypes

/// The network that a project is in: those with its VNID, or a network of its own while none is known for it.
package enum ProjectNetwork: Hashable, Sendable, Comparable {
    case id(VNID)
    case unknown(project: String)

    package static let global = ProjectNetwork.id(.global)

    /// What a project name cannot be (it has a space), or the project's name.
    var name: String {
        switch self {
        case .id(let id): "VNID \(id)"
        case .unknown(let project): project
        }
    }

    package static func < (left: ProjectNetwork, right: ProjectNetwork) -> Bool {
        switch (left, right) {
        case (.id(let one), .id(let other)): one < other
        case (.unknown(let one), .unknown(let other)): one < other
        case (.id, .unknown): true
        case (.unknown, .id): false
        }
    }
}

/// That the pods of a network are separate from all others.
package struct TenancyRuleID: Hashable, Sendable, CustomStringConvertible {
    /// That of the pod for which it decides.
    package let network: ProjectNetwork
    /// The two ends of a flow, source first; nil for the rule in general, which the kernel counts.
    package let ends: Ends?

    package struct Ends: Hashable, Sendable {
        package let from: End
        package let to: End
    }

    package enum End: Hashable, Sendable, CustomStringConvertible {
        case project(String, ProjectNetwork)
        /// An address of the pod network that no known pod has.
        case address(IPAddress)

        package var description: String {
            switch self {
            case .project(let name, .id(let id)): "project \(name) (VNID \(id))"
            case .project(let name, .unknown): "project \(name) (no VNID yet)"
            case .address(let address): "\(address) (of no known pod)"
            }
        }
    }

    package init(_ network: ProjectNetwork, _ ends: Ends? = nil) {
        self.network = network
        self.ends = ends
    }

    package var description: String {
        if let ends { return "tenancy: \(ends.from) and \(ends.to) are separate" }
        switch network {
        case .id(let id): return "tenancy: VNID \(id) is separate from other projects"
        case .unknown(let project): return "tenancy: project \(project) has no VNID yet and is closed to others"
        }
    }
}

extension RuleID {
    /// The rule in whose name the kernel counts: what a verdict says of the two ends in particular is not in it.
    package var counted: RuleID {
        guard case .tenancy(let rule) = self else { return self }
        return .tenancy(TenancyRuleID(rule.network))
    }
}
