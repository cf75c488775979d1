package import ClusterAPI

/// Validation of gabion.io/v1 MetadataAccess.
package enum MetadataAccessRules {
    static func errors(in object: JSONValue) -> [FieldError] {
        guard let spec = object["spec"] else { return [.required("spec")] }
        return ClusterPolicyRules.subjectErrors(spec["subject"])
    }

    /// What is wrong with one, for those who hold it as a value; empty for one that the API accepts.
    package static func errors(in access: MetadataAccess) -> [FieldError] {
        let spec = access.spec.map { JSONValue.members(["subject": $0.subject?.document]) }
        return errors(in: .members(["spec": spec]))
    }
}
