import ArgumentParser
import ClusterAPI
import ManifestFiles

/// What became of an application, for programs: all that people are told, whether it went well or not.
struct ApplyResult: Sendable {
    private struct Refusal: Sendable {
        var object: String?
        let reason: String
        var remedy = ""
    }

    private let isDryRun: Bool
    private var objects: [(write: ApplyPlan.Write, isWritten: Bool)] = []
    private var cuts: [String] = []
    private var remarks: [String] = []
    private var refusals: [Refusal] = []

    init(isDryRun: Bool) { self.isDryRun = isDryRun }

    /// What is to be written, in this order.
    mutating func plan(_ writes: [ApplyPlan.Write]) { objects = writes.map { ($0, false) } }

    /// One of the plan is in the cluster as it was given.
    mutating func done(_ write: ApplyPlan.Write) {
        guard let index = objects.firstIndex(where: { $0.write.title == write.title }) else { return }
        objects[index].isWritten = write.action != .unchanged
    }

    mutating func add(_ report: GuardReport, warnings: [String]) {
        cuts = report.cuts
        remarks = warnings.map { "warning: \($0)" } + report.remarks
    }

    /// Why nothing, or not all, was written.
    mutating func refuse(_ reason: String) { refusals.append(Refusal(reason: reason)) }

    mutating func refuse(_ faults: [ManifestError]) {
        refusals += faults.map { Refusal(object: $0.object, reason: $0.description) }
    }

    /// The error that ended it; an exit code alone says nothing that is not here already.
    mutating func refuse(_ error: any Error) {
        if error is ExitCode { return }
        if let faults = error as? ManifestErrors { return refuse(faults.errors) }
        let failure = CommandFailure(error)
        refusals.append(Refusal(reason: failure.cause, remedy: failure.remedy))
    }

    var json: String {
        let members = [
            ("dryRun", "\(isDryRun)"),
            ("objects", Self.list(objects.map { Self.object($0.write, isWritten: $0.isWritten) })),
            ("cuts", Self.list(cuts)),
            ("refusals", Self.list(refusals.map(Self.object))),
            ("remarks", Self.list(remarks.map(JSONText.string))),
        ]
        return "{\n" + members.map { "  \(JSONText.string($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private static func object(_ write: ApplyPlan.Write, isWritten: Bool) -> String {
        JSONText.object([
            ("kind", JSONText.string(write.kind)),
            ("namespace", write.key.namespace.isEmpty ? "null" : JSONText.string(write.key.namespace)),
            ("name", JSONText.string(write.key.name)), ("action", JSONText.string(write.action.rawValue)),
            ("written", "\(isWritten)"),
        ])
    }

    private static func object(_ refusal: Refusal) -> String {
        JSONText.object([
            ("object", refusal.object.map(JSONText.string) ?? "null"), ("reason", JSONText.string(refusal.reason)),
            ("remedy", JSONText.string(refusal.remedy)),
        ])
    }

    private static func list(_ elements: [String]) -> String {
        elements.isEmpty ? "[]" : "[\n    " + elements.joined(separator: ",\n    ") + "\n  ]"
    }
}
