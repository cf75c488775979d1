package import ClusterAPI

/// Who changed a zone, as far as its metadata records it.
package struct ZoneChanges: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// The program that wrote, as it named itself.
        package let manager: String
        package let operation: String
        package let time: String
    }

    package let created: String?
    package let generation: Int64?
    /// The annotation `kubernetes.io/change-cause`.
    package let cause: String?
    /// By time.
    package let entries: [Entry]

    package init(_ document: JSONValue) {
        let metadata = document["metadata"]
        created = metadata?["creationTimestamp"]?.string
        generation = metadata?["generation"]?.int
        cause = metadata?["annotations"]?["kubernetes.io/change-cause"]?.string
        entries = (metadata?["managedFields"]?.array ?? []).filter { $0["subresource"] == nil }.map { field in
            Entry(
                manager: field["manager"]?.string ?? "?", operation: field["operation"]?.string ?? "?",
                time: field["time"]?.string ?? "?")
        }.sorted { $0.time < $1.time }
    }

    /// One line for each thing that is recorded, and what is not.
    ///
    /// - Parameter hasLog: The audit log says more.
    package func lines(hasLog: Bool) -> [String] {
        var lines: [String] = []
        lines.append(created.map { "created \($0)" } ?? "when it was created is not recorded here")
        if let generation { lines.append("generation \(generation): its spec was written \(generation) times") }
        if let cause { lines.append("change-cause: \(cause)") }
        lines += entries.map { "\($0.time) \($0.operation) by the program \($0.manager)" }
        if entries.isEmpty, !hasLog { lines.append("which programs changed it is not recorded (no managedFields)") }
        return lines
    }

    /// What no object of the API says.
    package static let limits =
        "The API's objects record programs and times, not people, and only the last change of each program. Who acted, and"
        + " earlier states, are in the API server's audit log (--audit-log) and in the version control of the manifests."
}
