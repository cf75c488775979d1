/// The way from the top of an object to one of its fields.
package enum ManifestStep: Hashable, Sendable {
    case field(String)
    case index(Int)
}

extension [ManifestStep] {
    /// `spec.ingress[0].ports[1].port`; a field that is not a plain word stands in brackets and quotes.
    package var pathText: String {
        reduce(into: "") { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .field(let name):
                let isPlain = name.utf8.allSatisfy { byte in
                    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 45
                        || byte == 95
                }
                text += isPlain ? (text.isEmpty ? name : ".\(name)") : "[\"\(name)\"]"
            }
        }
    }
}
