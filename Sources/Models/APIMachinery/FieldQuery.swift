/// A field selector: `metadata.name=a,status.phase!=Running`.
package struct FieldQuery: Hashable, Sendable {
    package let terms: [Term]

    package struct Term: Hashable, Sendable {
        /// As in the object, such as `spec.nodeName`.
        package let field: String
        package let value: String
        /// True for `=` and `==`, false for `!=`.
        package let wantsEqual: Bool
    }

    /// 400 for text that is not a selector, and for a field that the kind cannot be selected by.
    package init(_ text: String, for resource: ResourceDescriptor) throws(APIStatus) {
        terms = try Self.parse(text, for: resource)
    }

    package var isEmpty: Bool { terms.isEmpty }

    /// The name that `metadata.name=…` demands, for direct lookups.
    package var exactName: String? { terms.first { $0.field == "metadata.name" && $0.wantsEqual }?.value }

    /// `fields` as in `SelectableFields.values`.
    package func matches(_ fields: [String: String]) -> Bool {
        terms.allSatisfy { ((fields[$0.field] ?? "") == $0.value) == $0.wantsEqual }
    }
}
