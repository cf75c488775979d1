import Markup
import NetworkTypes
import PolicyAnalysis

/// How a cell looks, in both pictures: shades of one blue, which every eye tells apart, and a sign of its own.
enum MatrixPalette {
    static func className(_ cell: MatrixView.Cell) -> String {
        switch cell {
        case .absent: "absent"
        case .nothing: "nothing"
        case .ports: "ports"
        case .mixed: "mixed"
        case .everything: "everything"
        }
    }

    /// What stands in a cell: the ports where they are few, else the sign.
    static func label(_ cell: MatrixView.Cell, longest: Int) -> String {
        guard case .ports(let ports) = cell else { return cell.symbol }
        let text = brief(ports)
        return text.count <= longest ? text : cell.symbol
    }

    /// `80,443`; TCP goes without saying.
    private static func brief(_ ports: PortSet) -> String {
        let text = ports.description
        return text.hasPrefix("TCP ") ? String(text.dropFirst(4)) : text
    }

    /// What a cell says on demand: every part of the port space, and what decides about it.
    static func title(_ report: MatrixReport, _ view: MatrixView, _ from: Int, _ to: Int) -> String {
        let (source, destination) = (view.groups[from], view.groups[to])
        let head = "\(source.name) → \(destination.name): \(view.cells[from][to].words)"
        guard source.classes.count == 1, destination.classes.count == 1 else { return head }
        let parts = report.parts(source.classes[0], destination.classes[0]).map { families, part in
            let ports = part.ports.intersection(report.ports)
            return "\(ports)\(families.note) \(part.allowed ? "allowed" : "denied"): \(part.rule)"
        }
        return ([head] + parts).joined(separator: "\n")
    }

    static let legend: [(cell: MatrixView.Cell, words: String)] = [
        (.everything, "everything"), (.ports(.icmp), "some ports"), (.mixed, "differs from pair to pair"),
        (.nothing, "nothing"), (.absent, "not for policies to decide"),
    ]

    static func subtitle(_ report: MatrixReport) -> String {
        let (pods, classes) = (report.podCount, report.chosen.count)
        let scope = report.namespaces.isEmpty ? "" : " in \(report.namespaces.joined(separator: ", "))"
        let asked = report.ports == .all ? "" : ", asked for \(report.ports)"
        return "\(pods) \(pods == 1 ? "pod" : "pods")\(scope), of which policies tell apart \(classes)\(asked)"
    }
}
