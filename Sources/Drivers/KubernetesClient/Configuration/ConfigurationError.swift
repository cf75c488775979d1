/// A kubeconfig, or the environment that stands in for one, that a client cannot use.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file and, where known, the context; or the environment variable.
    package let origin: String
    /// The field in question, as it is written in the file.
    package let field: String?
    package let problem: String
    package let remedy: String

    package init(origin: String, field: String? = nil, problem: String, remedy: String) {
        self.origin = origin
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        "\(origin): \((field ?? "").isEmpty ? "" : "\(field ?? ""): ")\(problem); \(remedy)"
    }
}
