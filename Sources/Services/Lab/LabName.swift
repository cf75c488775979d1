import NetworkTypes

/// The name of a lab: lower-case letters and digits, so that no lab's names are a prefix of another's.
package struct LabName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// What `gabion lab up` uses without `--name`.
    package static let standard = LabName(unchecked: "lab")

    private init(unchecked text: String) { self.text = text }

    package init(_ text: String) throws {
        let isLegal = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        guard (1...20).contains(text.utf8.count), text.utf8.allSatisfy(isLegal) else {
            throw LabError(
                "'\(text)' cannot name a lab", remedy: "Use 1 to 20 lower-case letters and digits, such as lab2.")
        }
        self.text = text
    }

    package var description: String { text }

    /// What every network namespace of this lab begins with, and no other lab's does.
    package var namespacePrefix: String { "gabion-\(text)-" }

    package var underlayNamespace: String { namespacePrefix + "underlay" }
    package var routerNamespace: String { namespacePrefix + "router" }

    package func nodeNamespace(_ node: String) -> String { namespacePrefix + "node-" + node }
    package func outsideNamespace(_ host: String) -> String { namespacePrefix + "outside-" + host }

    /// `_` is in no name of the Kubernetes API: two pods never share a namespace name.
    package func podNamespace(namespace: String, name: String) -> String {
        let readable = namespacePrefix + "pod-" + namespace + "_" + name
        return readable.utf8.count <= 200 ? readable : namespacePrefix + "pod-" + (namespace + "_" + name).stableHash
    }
}
