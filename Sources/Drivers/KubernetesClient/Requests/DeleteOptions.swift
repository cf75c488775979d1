/// meta/v1 DeleteOptions.
package struct DeleteOptions: Codable, Hashable, Sendable {
    package var apiVersion = "v1"
    package var kind = "DeleteOptions"
    package var gracePeriodSeconds: Int?
    package var propagationPolicy: PropagationPolicy?
    package var preconditions: Preconditions?

    package init(
        gracePeriodSeconds: Int? = nil, propagationPolicy: PropagationPolicy? = nil, uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagationPolicy = propagationPolicy
        if uid != nil || resourceVersion != nil {
            preconditions = Preconditions(uid: uid, resourceVersion: resourceVersion)
        }
    }

    package enum PropagationPolicy: String, Codable, Hashable, Sendable {
        case orphan = "Orphan"
        case background = "Background"
        case foreground = "Foreground"
    }

    /// The object is deleted only if it is still this one.
    package struct Preconditions: Codable, Hashable, Sendable {
        package var uid: String?
        package var resourceVersion: String?
    }
}
