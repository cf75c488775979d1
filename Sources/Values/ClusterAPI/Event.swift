/// core/v1 Event: what happened to an object, for people who ask `kubectl describe`.
package struct Event: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Event", plural: "events", isNamespaced: true)

    package var metadata: ObjectMeta
    package var involvedObject: ObjectReference
    package var reason: String?
    package var message: String?
    /// Normal or Warning.
    package var type: String?
    package var source: EventSource?
    package var firstTimestamp: String?
    package var lastTimestamp: String?
    package var count: Int?

    package init(metadata: ObjectMeta, involvedObject: ObjectReference, reason: String, message: String, type: String) {
        self.metadata = metadata
        self.involvedObject = involvedObject
        self.reason = reason
        self.message = message
        self.type = type
    }
}

package struct ObjectReference: Codable, Hashable, Sendable {
    package var apiVersion: String?
    package var kind: String?
    package var namespace: String?
    package var name: String?
    package var uid: String?

    package init(apiVersion: String? = nil, kind: String? = nil, namespace: String? = nil, name: String? = nil) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

package struct EventSource: Codable, Hashable, Sendable {
    package var component: String?
    package var host: String?

    package init(component: String? = nil, host: String? = nil) {
        self.component = component
        self.host = host
    }
}
