import ClusterAPI
import NetworkTypes
import PolicyEngine

/// The work of a comparison: groups that are classes in both clusters, and one comparison for each pair of cells.
struct DiffBuilder {
    let old: ConnectivityMatrix
    let new: ConnectivityMatrix
    let groups: [ConnectivityDiff.Group]

    private let before: PolicyEngine
    private let after: PolicyEngine
    private var known: [CellPair: [FamilyDelta]] = [:]

    private struct CellPair: Hashable {
        let old: Int
        let new: Int
        let isInOld: Bool
        let isInNew: Bool
    }

    /// Empty families: all that there are.
    private struct FamilyDelta {
        var families: [IPAddress.Family]
        let deltas: [Delta]
    }

    private struct Places: Hashable {
        let old: Int?
        let new: Int?
    }

    init(_ before: ClusterParties, _ after: ClusterParties) {
        self.before = before.engine
        self.after = after.engine
        old = ConnectivityMatrix(before)
        new = ConnectivityMatrix(after)
        groups = Self.groups(before, after, old, new)
    }

    private static func groups(
        _ before: ClusterParties, _ after: ClusterParties, _ old: ConnectivityMatrix, _ new: ConnectivityMatrix
    ) -> [ConnectivityDiff.Group] {
        let now = Set(after.members.map(\.party))
        let members = after.members + before.members.filter { !now.contains($0.party) }
        var places: [Places: Int] = [:]
        var found: [(places: Places, members: [Member])] = []
        for member in members {
            let key = Places(old: old.index(of: member.party), new: new.index(of: member.party))
            if let place = places[key] {
                found[place].members.append(member)
            } else {
                places[key] = found.count
                found.append((key, [member]))
            }
        }
        return found.map { places, members in
            let presence: ConnectivityDiff.Group.Presence =
                places.old == nil ? .onlyNew : places.new == nil ? .onlyOld : .both
            let kinds = [places.new.map { new.classes[$0].kind }, places.old.map { old.classes[$0].kind }]
            let kind = kinds.compactMap(\.self).first { $0 != .unreachable } ?? .unreachable
            return ConnectivityDiff.Group(
                presence: presence, kind: kind, members: members, old: places.old, new: places.new)
        }
    }

    mutating func changes() -> [ConnectivityChange] {
        var pairs: [ChangeKey: [(from: Int, to: Int)]] = [:]
        for (from, source) in groups.enumerated() {
            for (to, destination) in groups.enumerated() {
                for found in deltas(source, destination) {
                    let isStable = source.presence == .both && destination.presence == .both
                    for delta in found.deltas {
                        let key = ChangeKey(
                            effect: delta.effect, cause: isStable ? .policy : .parties, families: found.families,
                            ports: delta.ports, before: delta.before, after: delta.after)
                        pairs[key, default: []].append((from, to))
                    }
                }
            }
        }
        let changes = pairs.flatMap { key, pairs in
            Rectangle.covering(pairs).map { rectangle in
                ConnectivityChange(
                    effect: key.effect, cause: key.cause, families: key.families, ports: key.ports,
                    before: key.before, after: key.after, groups: rectangle)
            }
        }
        return changes.sorted { Self.order($0).lexicographicallyPrecedes(Self.order($1)) }
    }

    private static func order(_ change: ConnectivityChange) -> [String] {
        func padded(_ number: Int) -> String { String(1_000_000_000 + number) }
        return [
            change.cause == .policy ? "0" : "1", change.effect.rawValue, padded(change.groups.from[0]),
            padded(change.groups.to[0]), change.ports.description, change.before, change.after,
        ] + change.families.map { "\($0.rawValue)" }
    }

    private mutating func deltas(
        _ source: ConnectivityDiff.Group, _ destination: ConnectivityDiff.Group
    ) -> [FamilyDelta] {
        let oldCell = Self.cell(old, source.old, destination.old)
        let newCell = Self.cell(new, source.new, destination.new)
        guard oldCell >= 0 || newCell >= 0, hasDecidedPair(source, destination) else { return [] }
        let key = CellPair(
            old: oldCell, new: newCell, isInOld: source.old != nil && destination.old != nil,
            isInNew: source.new != nil && destination.new != nil)
        if let found = known[key] { return found }
        let absence = Delta.Absence(old: Self.absence(key.isInOld), new: Self.absence(key.isInNew))
        let found = compare(
            oldCell < 0 ? nil : old.connectivity(oldCell), newCell < 0 ? nil : new.connectivity(newCell), absence)
        known[key] = found
        return found
    }

    private static func cell(_ matrix: ConnectivityMatrix, _ from: Int?, _ to: Int?) -> Int {
        guard let from, let to else { return -1 }
        return matrix.cellID(from, to)
    }

    private static func absence(_ isThere: Bool) -> String {
        isThere ? "no address family in common" : "not there"
    }

    private func compare(_ was: Connectivity?, _ now: Connectivity?, _ absence: Delta.Absence) -> [FamilyDelta] {
        let named = Set(((was?.lanes ?? []) + (now?.lanes ?? [])).flatMap(\.families))
        let families: [IPAddress.Family?] = named.isEmpty ? [nil] : named.sorted { $0.rawValue < $1.rawValue }
        var found: [FamilyDelta] = []
        for family in families {
            let deltas = Delta.between(was?.parts(family) ?? [], now?.parts(family) ?? [], absence: absence)
            if let place = found.firstIndex(where: { $0.deltas == deltas }) {
                found[place].families += family.map { [$0] } ?? []
            } else {
                found.append(FamilyDelta(families: family.map { [$0] } ?? [], deltas: deltas))
            }
        }
        if found.count == 1 { found[0].families = [] }
        return found
    }

    /// Whether policies decide, in both clusters, about any pair of these.
    private func hasDecidedPair(_ source: ConnectivityDiff.Group, _ destination: ConnectivityDiff.Group) -> Bool {
        let isPodsOnly = !isNode(source) && !isNode(destination)
        for from in source.members {
            for to in destination.members where from.party != to.party {
                if isPodsOnly || !(before.isPromised(from, to) || after.isPromised(from, to)) { return true }
            }
        }
        return false
    }

    /// In either cluster.
    private func isNode(_ group: ConnectivityDiff.Group) -> Bool {
        group.old.map { old.classes[$0].kind == .nodes } ?? false
            || group.new.map { new.classes[$0].kind == .nodes } ?? false
    }
}
