import ClusterAPI
import ServiceModel

/// One endpoint that a connection to a service may be led to, with the verdict on that.
struct Way {
    let service: ObjectKey
    let backend: ServiceBackend
    /// Who has the backend's address; nil for somebody outside.
    let pod: ObjectKey?
    let answer: Answer

    private var name: String { pod.map { "\($0) (\(backend))" } ?? backend.description }

    /// Allowed if all are; names the first that decides, and how many there are.
    static func summary(_ ways: [Way]) -> Answer {
        let denied = ways.filter { !$0.answer.isAllowed }
        guard let first = denied.first ?? ways.first else {
            return Answer(isAllowed: false, rule: "no node leads to the service")
        }
        let others = denied.isEmpty || denied.count == ways.count ? ways.count - 1 : 0
        let share =
            !denied.isEmpty && denied.count < ways.count ? "\(denied.count) of \(ways.count) ways is denied: " : ""
        let rest = others > 0 ? " (and \(others) more)" : ""
        return Answer(
            isAllowed: denied.isEmpty,
            rule: "\(share)Service \(first.service) → \(first.name)\(rest): \(first.answer.rule)")
    }
}
