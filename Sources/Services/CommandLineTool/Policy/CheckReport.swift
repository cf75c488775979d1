import APIMachinery
import ClusterAPI
package import ManifestFiles

/// What is wrong with the objects of some manifests: what the API server would refuse, in its words.
package struct CheckReport: Sendable {
    /// In the order of the input.
    package let findings: [ManifestError]
    /// What is probably not meant.
    package let warnings: [LintReport.Warning]
    /// How many policies of all kinds were looked at, staged ones too, and how many zones.
    package let policyCount: Int
    package let zoneCount: Int

    /// Checks the kinds that are built in, and those that CustomResourceDefinitions among the objects declare.
    package init(_ objects: [ManifestObject]) {
        var catalogue = ResourceCatalogue()
        var findings: [ManifestError] = []
        for object in objects where object.kind == "CustomResourceDefinition" {
            do {
                try catalogue.register(crd: object.value)
            } catch {
                // What is wrong with the definition itself is found below, field by field.
                if error.reason == "Conflict" { findings.append(object.error(at: [], error.message)) }
            }
        }
        self.findings = findings + objects.flatMap { Self.findings(in: $0, catalogue) }
        warnings = LintReport(objects).warnings
        policyCount = objects.count { object in Self.policies.contains { object.isKind(of: $0) } }
        zoneCount = objects.count { $0.isKind(of: Zone.self) }
    }

    private static var policies: [any APIObject.Type] {
        [
            NetworkPolicy.self, AdminNetworkPolicy.self, BaselineAdminNetworkPolicy.self, ClusterNetworkPolicy.self,
            EgressFirewall.self, EgressNetworkPolicy.self, MetadataAccess.self, StagedPolicy.self,
            ClusterStagedPolicy.self,
        ]
    }

    /// `3 policies and 2 zones`.
    private var counts: String {
        let policies = "\(policyCount) \(policyCount == 1 ? "policy" : "policies")"
        return zoneCount == 0 ? policies : "\(policies) and \(zoneCount) \(zoneCount == 1 ? "zone" : "zones")"
    }

    private static func findings(in object: ManifestObject, _ catalogue: ResourceCatalogue) -> [ManifestError] {
        guard let write = ObjectWrite(object, catalogue) else {
            do {
                try PolicyWorld.checkVersion(of: object)
                return []
            } catch {
                return [error]
            }
        }
        let errors = write.findings(in: object.value).map { object.error(at: $0.path.manifestSteps, $0.advice) }
        return errors.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
            .map(\.element)
    }

    func text(_ format: ListFormat) -> String {
        switch format {
        case .table where findings.isEmpty:
            return "\(counts) checked: \(warnings.isEmpty ? "nothing found" : "no errors")\n"
                + LintReport.table(warnings)
        case .table:
            let rows = findings.map { [place($0), $0.object ?? "-", $0.field ?? "-", $0.message] }
            return TextTable(header: ["PLACE", "OBJECT", "FIELD", "MESSAGE"], rows: rows).text
                + LintReport.table(warnings)
        case .json:
            return JSONText.list(findings.map(json) + warnings.map(\.json))
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
            ("severity", JSONText.string("error")),
        ])
    }
}
