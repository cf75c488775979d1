/// One thing that a status says of its object, true or not, as all kinds of Gabion say it.
package struct ObjectCondition: Codable, Hashable, Sendable {
    package var type: String
    package var status: String
    package var reason: String
    package var message: String
    package var observedGeneration: Int64?
    package var lastTransitionTime: String?

    package init(
        type: String, status: String, reason: String, message: String, observedGeneration: Int64? = nil,
        lastTransitionTime: String? = nil
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.observedGeneration = observedGeneration
        self.lastTransitionTime = lastTransitionTime
    }
}
