package import ClusterAPI

/// An object to be installed.
package struct Manifest: Hashable, Sendable {
    package var object: JSONValue
    /// Above the object, a line for each.
    package var comment: [String]
    /// Above elements of it, by the way to them.
    package var remarks: [[String]: [String]]

    package init(_ object: JSONValue, comment: [String] = [], remarks: [[String]: [String]] = [:]) {
        self.object = object
        self.comment = comment
        self.remarks = remarks
    }

    package var kind: String { object["kind"]?.string ?? "" }
    package var apiVersion: String { object["apiVersion"]?.string ?? "" }
    package var name: String { object["metadata"]?["name"]?.string ?? "" }
    package var namespace: String? { object["metadata"]?["namespace"]?.string }

    /// `DaemonSet gabion-system/gabion-agent`.
    package var title: String { "\(kind) " + (namespace.map { "\($0)/" } ?? "") + name }

    /// By which our objects are told from others'.
    package static let ownerLabel = "app.kubernetes.io/managed-by"
    package static let owner = "gabion-install"

    /// An object with our label.
    static func owned(
        _ apiVersion: String, _ kind: String, _ name: String, in namespace: String? = nil,
        labels: [String: JSONValue] = [:], _ body: [String: JSONValue] = [:]
    ) -> JSONValue {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        metadata["labels"] = .object(labels.merging([ownerLabel: .string(owner)]) { own, _ in own })
        if let namespace { metadata["namespace"] = .string(namespace) }
        var members = body
        members["apiVersion"] = .string(apiVersion)
        members["kind"] = .string(kind)
        members["metadata"] = .object(metadata)
        return .object(members)
    }
}

/// A step of an installation; the next is taken when this one is done.
package enum InstallationPart: String, CaseIterable, Hashable, Sendable {
    /// Kinds: nothing can be said about objects before.
    case definitions
    /// The namespace, who is who, and who may do what.
    case rights
    /// What was decided, and the ranges of pods and services.
    case network
    /// Agents wait for what it writes, so it comes before them.
    case controller
    case nodes
    /// Name servers are pods: they need nodes that are ready.
    case dns
}
