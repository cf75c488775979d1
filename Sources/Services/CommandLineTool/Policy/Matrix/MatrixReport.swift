import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine

/// Who reaches whom, as a person asked for it.
package struct MatrixReport: Sendable {
    let matrix: ConnectivityMatrix
    let names: PartyNames
    /// The namespaces that the person named; empty for all.
    let namespaces: [String]
    /// The ports that the person asked about.
    let ports: PortSet
    let warnings: [String]

    init(_ input: ClusterInput, namespaces: [String] = [], ports: PortSet = .all) {
        let parties = ClusterParties(input.engine, nodes: input.nodes)
        matrix = ConnectivityMatrix(parties)
        names = PartyNames([(matrix.classes, parties)])
        self.namespaces = namespaces
        self.ports = ports
        warnings = input.warnings
    }

    /// The classes with a pod in one of the chosen namespaces; all classes of pods if none was chosen.
    var chosen: [Int] {
        matrix.classes.indices.filter { index in
            let one = matrix.classes[index]
            guard one.kind == .pods else { return false }
            return namespaces.isEmpty
                || one.members.contains { namespaces.contains($0.pod?.namespace ?? "") }
        }
    }

    /// Everything that packets can go to and come from.
    var reachable: [Int] { matrix.classes.indices.filter { matrix.classes[$0].kind != .unreachable } }

    var podCount: Int { chosen.reduce(0) { $0 + matrix.classes[$1].members.count } }

    /// Pods that have ended or lost their address.
    var unreachablePods: [ObjectKey] {
        matrix.classes.filter { $0.kind == .unreachable }.flatMap { $0.members.compactMap(\.pod) }.sorted()
    }

    func name(of classes: [Int]) -> String {
        names.name(of: classes.map { (matrix.classes[$0].kind, matrix.classes[$0].members) })
    }

    /// What passes from or to the chosen pods, in few lines.
    var reach: [Reach] { matrix.reach(among: reachable, touching: Set(chosen), ports: ports) }

    /// What one class may do to another, or may not, each part with what decides.
    func parts(_ from: Int, _ to: Int) -> [(families: [IPAddress.Family], part: Connectivity.Part)] {
        guard let cell = matrix[from, to] else { return [] }
        return cell.lanes.flatMap { lane in
            lane.parts.compactMap { part in
                guard !part.ports.intersection(ports).isEmpty else { return nil }
                return (cell.lanes.count == 1 ? [] : lane.families, part)
            }
        }
    }

    static let promise = "A pod always reaches itself, and a pod and its own node always reach each other."
}
