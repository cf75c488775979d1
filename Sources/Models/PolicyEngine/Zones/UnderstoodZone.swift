import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes

/// A zone as far as it can be understood: what cannot has no members and opens nothing.
struct UnderstoodZone {
    let name: String
    let order: Int?
    /// Nil for a zone without pods.
    let namespaces: LabelSelector?
    /// Nil for a zone without nodes.
    let nodes: LabelSelector?
    let networks: [CIDR]
    let allowsExternal: Bool
    /// Names of hosts outside that its pods may reach all the same, sorted.
    let externalNames: [NameSelector]
    /// True if all that says who is a member can be read.
    let hasKnownMembers: Bool
    /// Without those that cannot be understood.
    let holes: [UnderstoodHole]
    let errors: [FieldError]

    init(_ zone: Zone) {
        let errors = ZoneValidation.errors(in: zone)
        let broken = BrokenZoneParts(errors)
        name = zone.key.name
        let spec = zone.spec ?? ZoneSpec(order: nil)
        order = spec.order
        namespaces = broken.fields.contains("namespaceSelector") ? nil : spec.namespaceSelector?.normalized
        nodes = broken.fields.contains("nodeSelector") ? nil : spec.nodeSelector?.normalized
        networks = Set((spec.cidrs ?? []).compactMap { CIDR($0) }).sorted()
        allowsExternal = spec.external == "Allow"
        externalNames = Set((spec.externalNames ?? []).compactMap { try? NameDialect.zone.pattern($0) })
            .map { NameSelector($0) }.sorted { $0.description < $1.description }
        hasKnownMembers =
            zone.spec != nil && broken.fields.isDisjoint(with: ["namespaceSelector", "nodeSelector", "cidrs"])
        holes = (spec.holes ?? []).enumerated().compactMap { index, hole in
            broken.holes.contains(index) ? nil : UnderstoodHole(index, hole, into: zone.key.name)
        }
        self.errors = errors
    }

    /// The pods among its members, narrowed; nil for nobody.
    func pods(_ narrowed: LabelSelector? = nil, _ pods: LabelSelector? = nil) -> PolicySubject? {
        namespaces.map { namespaces in
            PolicySubject(
                namespaces: .matching(narrowed.map { namespaces.and($0) } ?? namespaces),
                pods: (pods ?? LabelSelector()).normalized)
        }
    }
}

/// A hole that can be understood.
struct UnderstoodHole {
    let index: Int
    /// As rules call it: by its name, or by its place.
    let name: String
    let source: ZoneSpec.Source
    /// The name of the zone that it comes from.
    let from: String
    let target: ZoneSpec.Target
    let ports: CompiledPorts
    let expires: APITime?

    /// Nil for one of which what it needs is missing.
    init?(_ index: Int, _ hole: ZoneSpec.Hole, into zone: String) {
        guard let source = hole.from, let from = source.zone, from != zone else { return nil }
        self.index = index
        name = hole.name ?? "holes[\(index)]"
        self.source = source
        self.from = from
        target = hole.to ?? ZoneSpec.Target()
        ports = CompiledPorts(hole.ports ?? [])
        expires = hole.expires.flatMap { APITime($0) }
    }

    /// Whether only pods may come, or be reached.
    var isFromPods: Bool { source.namespaceSelector != nil || source.podSelector != nil }
    var isToPods: Bool { target.namespaceSelector != nil || target.podSelector != nil }

    /// While the time is not known, what ends some time has ended.
    func isOpen(at now: APITime?) -> Bool {
        guard let expires else { return true }
        return now.map { $0 < expires } ?? false
    }
}

/// Which parts of a zone the errors lie in.
private struct BrokenZoneParts {
    var fields: Set<String> = []
    var holes: Set<Int> = []

    init(_ errors: [FieldError]) {
        for error in errors where !error.isAboutSize {
            let steps = error.path.steps.dropFirst()
            guard case .field(let field)? = steps.first else { continue }
            fields.insert(field)
            if field == "holes", case .index(let index)? = steps.dropFirst().first { holes.insert(index) }
        }
    }
}

extension LabelSelector {
    /// What both match, in normal form.
    func and(_ other: LabelSelector) -> LabelSelector {
        var labels = matchLabels ?? [:]
        var requirements = (matchExpressions ?? []) + (other.matchExpressions ?? [])
        for (key, value) in other.matchLabels ?? [:] {
            if let known = labels[key], known != value {
                // Two values of one label: nobody has both.
                requirements.append(Requirement(key: key, operator: .in, values: [value]))
            } else {
                labels[key] = value
            }
        }
        return LabelSelector(matchLabels: labels, matchExpressions: requirements).normalized
    }
}
