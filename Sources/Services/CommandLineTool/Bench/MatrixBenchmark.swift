import ClusterAPI
import Foundation
import PolicyAnalysis
import PolicyEngine

/// Times who-reaches-whom and the comparison of two clusters; meaningful in a release build only.
package enum MatrixBenchmark {
    package struct Figures: Sendable {
        /// The matrix of all pods, nodes and blocks outside.
        package let matrix: Duration
        /// Two such clusters, the second with one policy more.
        package let diff: Duration
        package let classes: Int
        /// How often the engine was asked, where asking for each pair means the square of the pods, for every port.
        package let questions: Int
    }

    package static func run(namespaces: Int, pods: Int, policies: Int) -> Figures {
        let world = SyntheticTiers(namespaces: namespaces, pods: pods, policies: policies)
        var old = PolicyEngine()
        world.load(into: &old)
        var new = old
        new.upsert(SyntheticTiers.admin(1, of: namespaces, port: 9999))
        var matrix: ConnectivityMatrix?
        let clock = ContinuousClock()
        let matrixTime = clock.measure { matrix = ConnectivityMatrix(ClusterParties(old, nodes: world.nodes)) }
        let diffTime = clock.measure {
            _ = ConnectivityDiff(old: (old, world.nodes), new: (new, world.nodes)).changes.count
        }
        return Figures(
            matrix: matrixTime, diff: diffTime, classes: matrix?.classes.count ?? 0,
            questions: matrix?.questionCount ?? 0)
    }
}
