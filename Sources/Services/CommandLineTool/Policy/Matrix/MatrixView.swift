import ClusterAPI
import PolicyAnalysis

/// A matrix small enough to look at: groups of classes as rows and columns.
struct MatrixView {
    struct Group {
        let name: String
        let classes: [Int]
        let kind: EndpointClass.Kind
    }

    enum Cell: Hashable {
        /// Policies decide about no pair.
        case absent
        case nothing
        /// The same ports for every pair.
        case ports(PortSet)
        /// It differs from pair to pair.
        case mixed
        case everything
    }

    let groups: [Group]
    let cells: [[Cell]]
    /// How many groups there were no places for.
    let leftOut: Int
    let isByNamespace: Bool

    /// - Parameter limit: How many rows there are places for.
    init(_ report: MatrixReport, limit: Int) {
        let (all, isByNamespace) = Self.groups(report, limit)
        let shown = Array(all.prefix(limit))
        groups = shown
        leftOut = all.count - shown.count
        self.isByNamespace = isByNamespace
        let chosen = Set(report.chosen)
        cells = shown.map { from in shown.map { Self.cell(report, from, $0, chosen) } }
    }

    /// Classes if there is room for them; else namespaces.
    private static func groups(_ report: MatrixReport, _ limit: Int) -> ([Group], isByNamespace: Bool) {
        let classes = report.matrix.classes
        func named(_ indexes: [Int], _ kind: EndpointClass.Kind) -> [Group] {
            indexes.map { Group(name: report.name(of: [$0]), classes: [$0], kind: kind) }
        }
        let chosen = report.chosen
        let others = classes.indices.filter { classes[$0].kind == .pods && !chosen.contains($0) }
        let nodes = classes.indices.filter { classes[$0].kind == .nodes }
        let outside = classes.indices.filter { classes[$0].kind == .outside }
        let rest =
            (nodes.isEmpty ? [] : [Group(name: report.name(of: nodes), classes: nodes, kind: .nodes)])
        let outer = named(outside, .outside)
        let outerTogether =
            outside.isEmpty ? [] : [Group(name: "outside (\(outside.count) parts)", classes: outside, kind: .outside)]
        let fine = named(chosen, .pods).sorted { $0.name < $1.name }
        let away = byNamespace(others, report) + rest
        if fine.count + away.count + outer.count <= limit { return (fine + away + outer, false) }
        if fine.count + away.count + outerTogether.count <= limit { return (fine + away + outerTogether, false) }
        let coarse = byNamespace(chosen, report).filter { group in
            report.namespaces.isEmpty || report.namespaces.contains { group.name.hasPrefix("\($0)/") }
        }
        // Outside and nodes keep their places; what does not fit are namespaces.
        let fixed = rest + outerTogether
        let room = max(1, limit - fixed.count)
        let namespaces = coarse + byNamespace(others, report)
        return (Array(namespaces.prefix(room)) + fixed + Array(namespaces.dropFirst(room)), true)
    }

    private static func byNamespace(_ indexes: [Int], _ report: MatrixReport) -> [Group] {
        var classes: [String: [Int]] = [:]
        var pods: [String: Int] = [:]
        for index in indexes {
            let members = Dictionary(grouping: report.matrix.classes[index].members) { $0.pod?.namespace ?? "" }
            for (namespace, own) in members {
                classes[namespace, default: []].append(index)
                pods[namespace, default: 0] += own.count
            }
        }
        return classes.keys.sorted().map { name in
            Group(name: "\(name)/* (\(pods[name] ?? 0))", classes: classes[name] ?? [], kind: .pods)
        }
    }

    private static func cell(_ report: MatrixReport, _ from: Group, _ to: Group, _ chosen: Set<Int>) -> Cell {
        var found: Set<PortSet> = []
        for source in from.classes {
            for destination in to.classes where chosen.contains(source) || chosen.contains(destination) {
                guard let cell = report.matrix[source, destination] else { continue }
                let (every, some) = (cell.allowedInAll, cell.allowedInAny)
                found.insert(every.intersection(report.ports))
                found.insert(some.intersection(report.ports))
            }
        }
        guard let first = found.first else { return .absent }
        if found.count > 1 { return .mixed }
        if first.isEmpty { return .nothing }
        return first == report.ports ? .everything : .ports(first)
    }
}

extension MatrixView.Cell {
    /// One character; told apart by shape, not by colour.
    var symbol: String {
        switch self {
        case .absent: " "
        case .nothing: "·"
        case .ports: "◐"
        case .mixed: "◌"
        case .everything: "●"
        }
    }

    var words: String {
        switch self {
        case .absent: "not decided by policies"
        case .nothing: "nothing"
        case .ports(let ports): ports.description
        case .mixed: "differs from pair to pair"
        case .everything: "everything"
        }
    }
}
