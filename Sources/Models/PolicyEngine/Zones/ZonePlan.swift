import APIMachinery
import ClusterAPI
import NetworkTypes

/// All zones together at one moment, and the policies that they come to: see `docs/design/zones.md`.
///
/// A function of the zones, the time and the pods' ranges, and of nothing else.
struct ZonePlan {
    /// By name.
    let zones: [UnderstoodZone]
    let now: APITime?
    /// False while it is not known who is in some zone: what seems to be outside may be in it.
    let knowsOutside: Bool
    /// The ranges that all pods have their addresses from.
    let podRanges: [AddressBlock]

    init(_ zones: some Sequence<Zone>, now: APITime?, podRanges: [AddressBlock] = []) {
        self.podRanges = podRanges
        self.zones = zones.map { UnderstoodZone($0) }.sorted { $0.name < $1.name }
        self.now = now
        knowsOutside = self.zones.allSatisfy(\.hasKnownMembers)
    }

    /// The selectors of all namespaces, sorted by zone.
    var selectors: [LabelSelector] { zones.compactMap(\.namespaces) }

    /// The holes of a zone that let something through now, with the zone at the other end.
    func openHoles(into zone: UnderstoodZone) -> [(hole: UnderstoodHole, source: UnderstoodZone)] {
        zone.holes.compactMap { hole in
            guard hole.isOpen(at: now), let source = zones.first(where: { $0.name == hole.from }) else { return nil }
            return (hole, source)
        }
    }

    /// The first moment after now at which a hole closes.
    static func nextExpiry(of zones: [UnderstoodZone], after now: APITime?) -> APITime? {
        guard let now else { return nil }
        return zones.flatMap(\.holes).compactMap(\.expires).filter { $0 > now }.min()
    }

    /// The addresses that two zones claim.
    static func overlap(_ one: UnderstoodZone, _ other: UnderstoodZone) -> [CIDR] {
        var shared: Set<CIDR> = []
        for network in one.networks {
            for rival in other.networks {
                if network.contains(rival) {
                    shared.insert(rival)
                } else if rival.contains(network) {
                    shared.insert(network)
                }
            }
        }
        return shared.sorted()
    }

    /// What is wrong with the zones, each alone and all together.
    var diagnostics: [PolicyDiagnostic] {
        zones.flatMap { zone in
            zone.errors.map { diagnostic(zone, $0.field, $0.body, consequence($0)) } + unknownSources(zone)
                + rivals(zone)
        }
    }

    private func diagnostic(_ zone: UnderstoodZone, _ path: String, _ message: String, _ consequence: String)
        -> PolicyDiagnostic
    {
        PolicyDiagnostic(
            kind: .zone, policy: ObjectKey(namespace: "", name: zone.name), path: path, message: message,
            consequence: consequence)
    }

    private func consequence(_ error: FieldError) -> String {
        if error.isAboutSize { return "it holds as it is written" }
        let closed = "no zone is open to what is outside, which may be in this one"
        let steps = error.path.steps.dropFirst()
        return switch steps.first {
        case .field("order"): "the zone comes first in reports"
        case .field("namespaceSelector"): "no pod is in this zone, and \(closed)"
        case .field("nodeSelector"): "no node is in this zone, and \(closed)"
        case .field("cidrs"): "these hosts are not in this zone, and \(closed)"
        case .field("external"): "it counts as Deny"
        case .field("externalNames"): "this name opens nothing"
        case .field("holes"): "this hole lets nothing through"
        default: "nobody is in this zone, it has no holes, and \(closed)"
        }
    }

    private func unknownSources(_ zone: UnderstoodZone) -> [PolicyDiagnostic] {
        zone.holes.filter { hole in !zones.contains { $0.name == hole.from } }.map { hole in
            diagnostic(
                zone, "spec.holes[\(hole.index)].from.zone", "there is no zone \(hole.from)",
                "this hole lets nothing through")
        }
    }

    private func rivals(_ zone: UnderstoodZone) -> [PolicyDiagnostic] {
        zones.filter { $0.name != zone.name }.flatMap { other in
            var found: [PolicyDiagnostic] = []
            if let order = zone.order, other.order == order {
                found.append(
                    diagnostic(
                        zone, "spec.order", "zone \(other.name) has order \(order) too",
                        "reports take them by name; what passes does not depend on it"))
            }
            for network in Self.overlap(zone, other) {
                found.append(
                    diagnostic(
                        zone, "spec.cidrs", "\(network) is in zone \(other.name) too",
                        "these hosts reach no zone and no zone reaches them"))
            }
            return found
        }
    }
}
