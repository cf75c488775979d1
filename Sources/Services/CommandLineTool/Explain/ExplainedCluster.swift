package import APIMachinery
import ClusterAPI
import Foundation
package import Lab
import ManifestFiles
package import PolicyEngine
import PolicyExplanation

/// The cluster that a question is about.
package struct ExplainedCluster: Sendable {
    package let engine: PolicyEngine
    private let pods: Set<ObjectKey>
    /// Where the objects come from, for messages.
    private let origin: String
    /// What a person does about a pod that is not there.
    private let remedy: String
    package let warnings: [String]

    /// The cluster that manifests describe.
    package init(manifests paths: [String], at time: APITime = .now) throws {
        let world = try PolicyWorld(ManifestReader().read(paths), at: time)
        engine = world.engine
        pods = world.pods
        origin = paths.joined(separator: " ")
        remedy = "Correct the name, or add its manifest."
        warnings = world.warnings
    }

    /// A live one, as it would be at `time`.
    package init(_ snapshot: ClusterSnapshot, origin: String, at time: APITime = .now) {
        engine = snapshot.engine(at: time)
        pods = Set(snapshot.pods.map(\.key))
        self.origin = origin
        remedy = "Correct the name; gabion get pods -A has all."
        warnings = []
    }

    /// Explains a flow, and says what would change its verdict.
    ///
    /// Throws for a pod that is not there.
    package func report(_ flow: Flow) throws -> ExplanationReport {
        for case .pod(let key) in [flow.from, flow.to] where !pods.contains(key) {
            let others = pods.filter { $0.namespace == key.namespace }.sorted().prefix(5).map(\.description)
            let known = others.isEmpty ? "" : " That namespace has: \(others.joined(separator: ", "))."
            throw CommandFailure(
                "there is no pod \(key) in \(origin)", remedy: remedy + known)
        }
        let explanation = engine.explanation(of: flow)
        let search = SuggestionSearch(explanation, engine, pods: pods)
        let concerned = Set(Direction.askedFirst.flatMap { explanation[$0].tiers.flatMap(\.policies) })
        return ExplanationReport(
            explanation: explanation, suggestions: search.suggestions(), obstacle: search.obstacle,
            faults: engine.diagnostics.filter { concerned.contains($0.reference) })
    }
}
