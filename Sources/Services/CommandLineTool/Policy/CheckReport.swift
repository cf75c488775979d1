import ClusterAPI
package import ManifestFiles
import PolicyEngine

/// What is wrong with the objects of some manifests.
package struct CheckReport: Sendable {
    /// In the order of the input.
    package let findings: [ManifestError]
    /// How many NetworkPolicies were looked at.
    package let policyCount: Int

    package init(_ objects: [ManifestObject]) {
        findings = objects.flatMap(Self.findings)
        policyCount = objects.count { $0.isKind(of: NetworkPolicy.self) }
    }

    private static func findings(in object: ManifestObject) -> [ManifestError] {
        do {
            if object.isKind(of: NetworkPolicy.self) {
                let unknown = PolicyFields.unknownFields(in: object)
                return unknown + invalidFields(in: try object.decode(NetworkPolicy.self), object)
            }
            if object.isKind(of: Pod.self) {
                _ = try object.decode(Pod.self)
            } else if object.isKind(of: Namespace.self) {
                _ = try object.decode(Namespace.self)
            } else if object.isKind(of: Node.self) {
                _ = try object.decode(Node.self)
            } else {
                try PolicyWorld.checkVersion(of: object)
            }
            return []
        } catch {
            return [error]
        }
    }

    private static func invalidFields(in policy: NetworkPolicy, _ object: ManifestObject) -> [ManifestError] {
        NetworkPolicyValidation.errors(in: policy).map { error in
            let path = error.path.steps.map { step -> ManifestStep in
                switch step {
                case .field(let name): .field(name)
                case .index(let index): .index(index)
                }
            }
            return object.error(at: path, error.message)
        }
    }

    func text(_ format: CheckFormat) -> String {
        switch format {
        case .table where findings.isEmpty:
            return "\(policyCount) \(policyCount == 1 ? "policy" : "policies") checked: nothing found\n"
        case .table:
            let rows = findings.map { [place($0), $0.object ?? "-", $0.field ?? "-", $0.message] }
            return TextTable(header: ["PLACE", "OBJECT", "FIELD", "MESSAGE"], rows: rows).text
        case .json:
            return JSONText.list(findings.map(json))
        }
    }

    private func place(_ finding: ManifestError) -> String {
        finding.line.map { "\(finding.file):\($0)" } ?? finding.file
    }

    private func json(_ finding: ManifestError) -> String {
        func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
        return JSONText.object([
            ("file", JSONText.string(finding.file)), ("line", finding.line.map(String.init) ?? "null"),
            ("object", text(finding.object)), ("field", text(finding.field)), ("message", text(finding.message)),
        ])
    }
}
