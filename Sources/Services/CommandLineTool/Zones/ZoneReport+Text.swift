import APIMachinery
import ClusterAPI
import PolicyEngine

/// What zones say about one direction between two of them.
enum ZonePosture: Hashable {
    case inside
    /// Lower tiers decide about what is in no zone.
    case open
    case closed
    case holes(Int)

    /// The word in a cell of the matrix.
    var word: String {
        switch self {
        case .inside: "inside"
        case .open: "open"
        case .closed: "-"
        case .holes(1): "hole"
        case .holes(let count): "\(count) holes"
        }
    }
}

extension ZoneReport {
    /// What is in no zone, as a row and column of the matrix.
    static let outside = "outside"

    /// Outside, then the zones: nil stands for outside.
    var places: [String?] { [nil] + zones.map(\.name) }

    func posture(from source: String?, to target: String?) -> ZonePosture {
        guard source != target else { return source == nil ? .open : .inside }
        guard let source, let target else {
            let zone = source ?? target
            return zones.contains { $0.name == zone && $0.isOpenToOutside } ? .open : .closed
        }
        let count = openHoles(from: source, to: target).count
        return count == 0 ? .closed : .holes(count)
    }

    /// The matrix and everything about it, in 80 columns.
    package var text: String {
        if zones.isEmpty { return "there are no zones: nothing is closed between parts of the network\n" }
        return "Rows reach columns, from outside to inside, at \(time.text):\n\n" + matrix
            + "\n  -       nothing passes\n  hole    what the hole says, and lower tiers allow\n"
            + "  inside  lower tiers decide\n  open    lower tiers decide about what is in no zone\n"
            + "\n" + members
            + (holes.isEmpty
                ? "\nThere are no holes.\n" : "\n" + holes.map { Self.text(of: $0) }.joined(separator: "\n"))
            + problems
    }

    private var matrix: String {
        let names = places.map { $0 ?? Self.outside }
        func table(_ columns: [String], _ rows: [String]) -> String {
            TextTable(
                header: [""] + columns,
                rows: zip(rows, places).map { name, source in
                    [name] + places.map { posture(from: source, to: $0).word }
                }
            ).text
        }
        let whole = table(names, names)
        if whole.split(separator: "\n").allSatisfy({ $0.count <= 80 }) { return whole }
        // Long names: the columns go by the numbers of the rows.
        return table(names.indices.map(String.init), names.enumerated().map { "\($0) \(TextWrap.cut($1, 30))" })
    }

    private var members: String {
        zones.map { zone in
            let order = zone.order.map { "order \($0), " } ?? ""
            var lines = ["Zone \(zone.name): \(order)\(zone.podCount) \(zone.podCount == 1 ? "pod" : "pods")"]
            lines += TextWrap.field("namespaces", zone.namespaces)
            if !zone.nodes.isEmpty { lines += TextWrap.field("nodes", zone.nodes.joined(separator: ", ")) }
            if !zone.cidrs.isEmpty { lines += TextWrap.field("hosts", zone.cidrs.joined(separator: ", ")) }
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func text(of hole: Hole) -> String {
        let lines =
            ["Hole \(hole.name): zone \(hole.from) to zone \(hole.zone), \(hole.stateText)"]
            + TextWrap.field("from", hole.source) + TextWrap.field("to", hole.target)
            + TextWrap.field("ports", hole.ports) + TextWrap.field("owner", hole.owner)
            + TextWrap.field("reason", hole.reason)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everything that a person has to mend, one to a line.
    package var problemLines: [String] {
        conflicts.map { "\($0.conflict): closed: \(Self.list($0.pods.map(\.description)))" }
            + sharedNodes.map { "node \($0.node) belongs to zones \($0.zones.joined(separator: " and ")): closed" }
            + diagnostics.map { "\($0); \($0.consequence)" }
    }

    private var problems: String {
        problemLines.isEmpty
            ? "" : "\nErrors:\n" + problemLines.flatMap { TextWrap.lines($0, indent: 2) }.joined(separator: "\n") + "\n"
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}

extension ZoneReport.Hole {
    /// `open`, `open until TIME`, `closed since TIME`, or that it lets nothing through.
    var stateText: String {
        switch state {
        case .open(let until): until.map { "open until \($0.text)" } ?? "open without an end"
        case .expired: "closed since \(expires ?? "")"
        case .broken: "lets nothing through: see the errors"
        }
    }
}
