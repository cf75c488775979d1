import ClusterAPI
import NetworkTypes
import PolicyAnalysis

/// The matrix for programs: classes with their members, and every cell with what decides.
enum MatrixJSON {
    static func text(_ report: MatrixReport) throws -> String {
        let reachable = report.reachable
        let chosen = Set(report.chosen)
        var cells: [JSONValue] = []
        for from in reachable {
            for to in reachable where chosen.contains(from) || chosen.contains(to) {
                for (families, part) in report.parts(from, to) {
                    cells.append(cell(from, to, families, part, report.ports))
                }
            }
        }
        let classes = reachable.map { index -> JSONValue in
            let one = report.matrix.classes[index]
            return [
                "id": .int(Int64(index)), "name": .string(report.name(of: [index])),
                "kind": .string(one.kind.rawValue), "members": .array(one.members.map { .string($0.title) }),
            ]
        }
        return try ObjectText.json([
            "classes": .array(classes), "connectivity": .array(cells),
            "unreachable": .array(report.unreachablePods.map { .string($0.description) }),
        ])
    }

    private static func cell(
        _ from: Int, _ to: Int, _ families: [IPAddress.Family], _ part: Connectivity.Part, _ ports: PortSet
    ) -> JSONValue {
        [
            "from": .int(Int64(from)), "to": .int(Int64(to)), "families": families.json,
            "ports": part.ports.intersection(ports).json, "allowed": .bool(part.allowed),
            "egress": .string(part.egress.text), "ingress": .string(part.ingress.text),
        ]
    }
}
