import ClusterAPI
package import EgressAddressModel
import NetworkTypes

/// Where egress addresses are, and why some are nowhere, as the ledger and the controller's rules say it.
package struct EgressLines {
    /// Those that are not well first, each in a line of its own.
    package private(set) var lines: [StatusLine] = []

    /// So many addresses that are well have a line each.
    private static let greatestCount = 20

    /// None where nobody asks for addresses and no node has any.
    package init(_ situation: EgressSituation, unreadable: [String] = []) {
        let nodes = situation.egressNodes.sorted { $0.key < $1.key }
        let assignment = EgressAssignment(situation)
        let askers = Self.askers(assignment)
        let known = Set(askers.keys).union(nodes.flatMap { $0.owned.union($0.heldAddresses) })
        var well: [StatusLine] = []
        for address in known.sorted() {
            let line = Self.line(address, askers[address] ?? [], nodes, assignment.problems)
            if line.condition == .well { well.append(line) } else { lines.append(line) }
        }
        // What is no address at all.
        for problem in assignment.problems where IPAddress(problem.address) == nil {
            lines.append(Self.unwell(problem.address, "no node: \(problem.message) (\(problem.asker))"))
        }
        for node in nodes {
            let problems = node.status?.problems ?? []
            if !problems.isEmpty { lines.append(Self.unwell(node.key.name, problems.joined(separator: "; "))) }
        }
        lines += unreadable.map { Self.unwell("objects", "\($0): its pods may have no address") }
        lines += well.prefix(Self.greatestCount)
        guard well.count > Self.greatestCount else { return }
        let rest = "\(well.count - Self.greatestCount) more are where they are to be: gabion get egressnodes"
        lines.append(StatusLine(part: "egress", condition: .well, detail: rest))
    }

    private static func unwell(_ part: String, _ detail: String) -> StatusLine {
        StatusLine(part: "egress \(part)", condition: .unwell, detail: detail)
    }

    /// Who asks for each address, those included that may not have it.
    private static func askers(_ assignment: EgressAssignment) -> [IPAddress: Set<EgressAsker>] {
        var askers = assignment.askers.mapValues { Set([$0]) }
        for problem in assignment.problems {
            guard let address = IPAddress(problem.address) else { continue }
            askers[address, default: []].insert(problem.asker)
        }
        return askers
    }

    private static func line(
        _ address: IPAddress, _ askers: Set<EgressAsker>, _ nodes: [EgressNode], _ problems: [EgressProblem]
    ) -> StatusLine {
        let (place, isWell) = place(address, isAsked: !askers.isEmpty, nodes)
        let whose = askers.isEmpty ? "nobody asks for it" : askers.sorted().map(\.description).joined(separator: ", ")
        var detail = "\(place) (\(whose))"
        let reasons = Set(problems.filter { IPAddress($0.address) == address }.map(\.message)).sorted()
        if !isWell, !reasons.isEmpty { detail += ": " + reasons.joined(separator: "; ") }
        return StatusLine(part: "egress \(address)", condition: isWell ? .well : .unwell, detail: detail)
    }

    /// The node, and how far it is on its way there.
    private static func place(
        _ address: IPAddress, isAsked: Bool, _ nodes: [EgressNode]
    ) -> (words: String, isWell: Bool) {
        let assigned = nodes.filter { $0.assigned.contains(address) }
        guard let node = assigned.first else {
            guard let last = nodes.first(where: { $0.owned.contains(address) || $0.heldAddresses.contains(address) })
            else { return ("no node", false) }
            return ("leaving \(last.key.name), which has not let it go yet", false)
        }
        let name = node.key.name
        if assigned.count > 1 {
            return ("in the ledger of " + assigned.map(\.key.name).joined(separator: " and ") + ": of no use", false)
        }
        let silent = node.status?.silentTo ?? []
        if !silent.isEmpty { return ("\(name), which does not answer \(silent.joined(separator: ", "))", false) }
        guard node.heldAddresses.contains(address) else { return ("\(name), which does not hold it yet", false) }
        return (name, isAsked)
    }
}
