package import ClusterAPI
import NetworkTypes
package import PolicyEngine

/// Exactly which connectivity appears and disappears between two clusters: matrix(new) − matrix(old), and the reverse.
///
/// What the network promises in either of them (a pod and itself, a pod and its own node) is left out.
package struct ConnectivityDiff: Sendable {
    /// Ends that no policy told apart in the old cluster and none does in the new one.
    package struct Group: Sendable {
        package enum Presence: String, Hashable, Sendable {
            case both, onlyOld, onlyNew
        }

        package let presence: Presence
        package let kind: EndpointClass.Kind
        package let members: [Member]
        let old: Int?
        let new: Int?
    }

    /// Both clusters, with what every pod was told of names for the comparison.
    package let engines: (old: PolicyEngine, new: PolicyEngine)
    package let groups: [Group]
    /// First what appears, then what disappears; changes of policy before those of pods that come and go.
    package let changes: [ConnectivityChange]
    package let names: PartyNames
    private let groupOf: [Party: Int]

    package init(old: (engine: PolicyEngine, nodes: [Node]), new: (engine: PolicyEngine, nodes: [Node])) {
        let families = ClusterParties.families(of: old.engine).union(ClusterParties.families(of: new.engine))
        let outside = OutsideParties(of: [old.engine, new.engine], families: families)
        let before = ClusterParties(old.engine, nodes: old.nodes, outside: outside)
        let after = ClusterParties(new.engine, nodes: new.nodes, outside: outside)
        var builder = DiffBuilder(before, after)
        let found = builder.changes()
        engines = (before.engine, after.engine)
        groups = builder.groups
        changes = found
        names = PartyNames([(builder.old.classes, before), (builder.new.classes, after)])
        groupOf = Dictionary(
            groups.enumerated().flatMap { index, group in group.members.map { ($0.party, index) } }
        ) { first, _ in first }
    }

    /// The changes between two ends; none for ends that are in neither cluster.
    package func changes(from: Party, to: Party) -> [ConnectivityChange] {
        guard let source = groupOf[from], let destination = groupOf[to] else { return [] }
        return changes.filter { $0.groups.from.contains(source) && $0.groups.to.contains(destination) }
    }

    package func name(of indexes: [Int]) -> String {
        names.name(of: indexes.map { (groups[$0].kind, groups[$0].members) })
    }

    /// The pods that are in one of the clusters only.
    package func pods(_ presence: Group.Presence) -> [ObjectKey] {
        groups.filter { $0.presence == presence }.flatMap { $0.members.compactMap(\.pod) }.sorted()
    }
}
