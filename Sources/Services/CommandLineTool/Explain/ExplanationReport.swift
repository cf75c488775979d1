package import PolicyEngine
package import PolicyExplanation

/// Why a connection is allowed or denied, and what would change that.
package struct ExplanationReport: Sendable {
    package let explanation: Explanation
    package let suggestions: [Suggestion]
    /// What no change of NetworkPolicies can overcome.
    package let obstacle: String?
    /// What is wrong with the policies that were asked.
    package let faults: [PolicyDiagnostic]

    package var isAllowed: Bool { explanation.verdict.allowed }

    func text(_ format: ListFormat) -> String {
        switch format {
        case .table: ExplanationText(self).text
        case .json: json + "\n"
        }
    }
}
