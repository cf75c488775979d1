package import APIMachinery
import ClusterAPI
import EgressSelection
import Foundation
package import Lab
import ManifestFiles
package import PolicyEngine
import PolicyExplanation
package import ServiceVerdicts

/// The cluster that a question is about.
package struct ExplainedCluster: Sendable {
    package let engine: PolicyEngine
    private let pods: Set<ObjectKey>
    /// Where the objects come from, for messages.
    private let origin: String
    /// What a person does about a pod that is not there.
    private let remedy: String
    package let warnings: [String]
    private let judge: ServiceJudge

    /// The cluster that manifests describe.
    package init(manifests paths: [String], at time: APITime = .now) throws {
        let world = try PolicyWorld(ManifestReader().read(paths), at: time)
        engine = world.engine
        pods = world.pods
        origin = paths.joined(separator: " ")
        remedy = "Correct the name, or add its manifest."
        judge = ServiceJudge(world.engine, world.services)
        warnings = world.warnings + judge.problems
    }

    /// A live one, as it would be at `time`.
    package init(
        _ snapshot: ClusterSnapshot, origin: String, at time: APITime = .now, entrances: Entrances = Entrances()
    ) {
        judge = snapshot.judge(at: time, entrances: entrances)
        engine = judge.engine
        pods = Set(snapshot.pods.map(\.key))
        self.origin = origin
        remedy = "Correct the name; gabion get pods -A has all."
        warnings = judge.problems
    }

    /// Says where a connection is led, and explains each way.
    ///
    /// Throws for a pod, a service or a node that is not there.
    package func report(_ question: Question) throws -> ConnectionReport {
        for case .party(.pod(let key)) in [question.from, question.to] { try requirePod(key) }
        let judgement: Judgement
        let engine: PolicyEngine
        do {
            judgement = try judge.judgement(of: question)
            engine = try judge.engine(for: question)
        } catch {
            throw CommandFailure("\(error.message), in \(origin)", remedy: "Ask for something that is there.")
        }
        return ConnectionReport(judgement) { explain($0, leaving: $1, by: engine) }
    }

    private func requirePod(_ key: ObjectKey) throws {
        if pods.contains(key) { return }
        let others = pods.filter { $0.namespace == key.namespace }.sorted().prefix(5).map(\.description)
        let known = others.isEmpty ? "" : " That namespace has: \(others.joined(separator: ", "))."
        throw CommandFailure("there is no pod \(key) in \(origin)", remedy: remedy + known)
    }

    /// With what would change its verdict.
    private func explain(_ flow: Flow, leaving departure: Departure?, by engine: PolicyEngine) -> ExplanationReport {
        let explanation = engine.explanation(of: flow)
        let search = SuggestionSearch(explanation, engine, pods: pods)
        let concerned = Set(Direction.askedFirst.flatMap { explanation[$0].tiers.flatMap(\.policies) })
        return ExplanationReport(
            explanation: explanation, departure: departure, suggestions: search.suggestions(),
            obstacle: search.obstacle,
            faults: engine.diagnostics.filter { concerned.contains($0.reference) })
    }
}
