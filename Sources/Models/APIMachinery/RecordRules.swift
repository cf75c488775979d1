import ClusterAPI

/// Defaults and validation of Lease and Event.
enum RecordRules {
    static func leaseErrors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        if let duration = object["spec"]?["leaseDurationSeconds"]?.int, duration <= 0 {
            errors.append(.invalid("spec.leaseDurationSeconds", .int(duration), "must be greater than 0"))
        }
        if let transitions = object["spec"]?["leaseTransitions"]?.int, transitions < 0 {
            errors.append(.invalid("spec.leaseTransitions", .int(transitions), "must be greater than or equal to 0"))
        }
        return errors
    }

    /// An event lives in the namespace of its object; events of cluster-scoped objects may be anywhere.
    static func eventErrors(in object: JSONValue) -> [FieldError] {
        let namespace = object["involvedObject"]?["namespace"]?.string ?? ""
        guard !namespace.isEmpty, namespace != object["metadata"]?["namespace"]?.string else { return [] }
        return [.invalid("involvedObject.namespace", .string(namespace), "does not match event.namespace")]
    }

    /// The clients of core/v1 leave these out, the real server writes them as null or empty.
    static func setEventDefaults(_ object: inout JSONValue) {
        if object["involvedObject"] == nil { object["involvedObject"] = [:] }
        if object["source"] == nil { object["source"] = [:] }
    }
}
