import ClusterAPI

/// One line of a watch.
package enum WatchEvent<Object: Decodable & Sendable>: Sendable {
    case added(Object, resourceVersion: String)
    case modified(Object, resourceVersion: String)
    /// The object's last state.
    case deleted(Object, resourceVersion: String)
    /// Nothing happened up to this version.
    case bookmark(resourceVersion: String)
    /// The object exists, but does not have the form of `Object`.
    case unreadable(UnreadableObject, resourceVersion: String)
    /// The server ends the watch; code 410 means that the version is too old.
    case failed(Status)

    var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}

extension WatchEvent: Decodable {
    private enum Keys: CodingKey {
        case type, object
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let type = try container.decode(String.self, forKey: .type)
        if type == "ERROR" {
            self = .failed(try container.decode(Status.self, forKey: .object))
            return
        }
        let stub = try container.decode(ObjectStub.self, forKey: .object)
        guard let version = stub.metadata?.resourceVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .object, in: container, debugDescription: "no metadata.resourceVersion")
        }
        if type == "BOOKMARK" {
            self = .bookmark(resourceVersion: version)
            return
        }
        switch try container.decode(Readable<Object>.self, forKey: .object) {
        case .unreadable(let object): self = .unreadable(object, resourceVersion: version)
        case .object(let object):
            switch type {
            case "ADDED": self = .added(object, resourceVersion: version)
            case "MODIFIED": self = .modified(object, resourceVersion: version)
            case "DELETED": self = .deleted(object, resourceVersion: version)
            default:
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: container, debugDescription: "'\(type)' is not a type of watch event")
            }
        }
    }
}
