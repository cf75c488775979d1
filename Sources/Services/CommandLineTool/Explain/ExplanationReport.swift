package import EgressSelection
package import PolicyEngine
package import PolicyExplanation

/// Why a connection is allowed or denied, and what would change that.
package struct ExplanationReport: Sendable {
    package let explanation: Explanation
    /// With which address it leaves the cluster; nil if it does not.
    package let departure: Departure?
    package let suggestions: [Suggestion]
    /// What no change of NetworkPolicies can overcome.
    package let obstacle: String?
    /// What is wrong with the policies that were asked.
    package let faults: [PolicyDiagnostic]

    package var isAllowed: Bool { explanation.verdict.allowed && !isStranded }

    /// Policies allow it, and nothing leaves the cluster all the same.
    package var isStranded: Bool { explanation.verdict.allowed && departure?.isClosed == true }

    func text(_ format: ListFormat) -> String {
        switch format {
        case .table: ExplanationText(self).text
        case .json: json + "\n"
        }
    }
}
