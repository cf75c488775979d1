import ClusterAPI

/// The status of a CustomResourceDefinition that is served: names accepted, established.
enum CustomResourceStatus {
    /// What a definition that is deleted waits for: that its objects are gone, and what they wait for.
    static let cleanup = "customresourcecleanup.apiextensions.k8s.io"

    static func established(_ definition: JSONValue, at time: JSONValue?) -> JSONValue {
        var definition = definition
        let spec = definition["spec"]
        let stored = (spec?["versions"]?.array ?? []).filter { $0["storage"]?.bool == true }.compactMap { $0["name"] }
        var versions = definition["status"]?["storedVersions"]?.array ?? []
        versions += stored.filter { !versions.contains($0) }
        definition["status"] = [
            "acceptedNames": acceptedNames(spec?["names"]), "storedVersions": .array(versions),
            "conditions": [
                condition("NamesAccepted", "NoConflicts", "no conflicts found", time),
                condition("Established", "InitialNamesAccepted", "the initial names have been accepted", time),
            ],
        ]
        return definition
    }

    /// The definition while its objects go.
    static func terminating(_ definition: JSONValue, at time: JSONValue) -> JSONValue {
        var definition = definition
        let why = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
        var conditions = definition["status"]?["conditions"]?.array ?? []
        conditions.append(condition("Terminating", "InstanceDeletionPending", why, time))
        definition["status"]?["conditions"] = .array(conditions)
        return definition
    }

    private static func acceptedNames(_ names: JSONValue?) -> JSONValue {
        var accepted = names ?? [:]
        let kind = accepted["kind"]?.string ?? ""
        if accepted["singular"] == nil { accepted["singular"] = .string(kind.lowercased()) }
        if accepted["listKind"] == nil { accepted["listKind"] = .string(kind + "List") }
        return accepted
    }

    private static func condition(
        _ type: String, _ reason: String, _ message: String, _ time: JSONValue?
    ) -> JSONValue {
        [
            "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
            "lastTransitionTime": time ?? .null,
        ]
    }
}
