import NetworkTypes
package import PolicyEngine

/// Who reaches whom, by classes of ends that no policy can tell apart.
///
/// What every network promises whatever policies say is not in it: a pod reaches itself, and a pod and its own node reach
/// each other.
package struct ConnectivityMatrix: Sendable {
    package let classes: [EndpointClass]
    /// Row by row, indexes into `table`; −1 where there is no pair that policies decide about.
    private let cells: [Int32]
    private let table: [Connectivity]
    /// How often the engine was asked.
    package let questionCount: Int
    private let classOf: [Party: Int]

    package init(_ parties: ClusterParties) {
        var builder = MatrixBuilder(parties)
        cells = builder.cells()
        classes = builder.classes
        table = builder.table
        questionCount = builder.questionCount
        classOf = Dictionary(
            classes.enumerated().flatMap { index, one in one.members.map { ($0.party, index) } }
        ) { first, _ in first }
    }

    /// Nil where policies decide about no pair: a class of one pod with itself, or everything outside with itself.
    package subscript(from: Int, to: Int) -> Connectivity? {
        let cell = cells[from * classes.count + to]
        return cell < 0 ? nil : table[Int(cell)]
    }

    /// The same value for cells with equal content.
    func cellID(_ from: Int, _ to: Int) -> Int { Int(cells[from * classes.count + to]) }

    func connectivity(_ cellID: Int) -> Connectivity { table[cellID] }

    package func index(of party: Party) -> Int? { classOf[party] }
}
