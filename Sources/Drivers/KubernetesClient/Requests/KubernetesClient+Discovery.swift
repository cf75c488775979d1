package import ClusterAPI
import Synchronization

/// A kind as the server describes it.
package struct DiscoveredResource: Hashable, Sendable {
    package var type: ResourceType
    package var singularName: String
    package var shortNames: [String]
    package var verbs: [String]
    package var categories: [String]

    /// True for what people type: plural, singular, kind or a short name in any case, with or without `.group`.
    package func matches(_ name: String) -> Bool {
        let asked = name.lowercased()
        let names = [type.plural, singularName, type.kind.lowercased()] + shortNames
        return names.contains { asked == $0 || (!type.group.isEmpty && asked == "\($0).\(type.group)") }
    }
}

/// What the server has said about its kinds, by `apiVersion`.
final class DiscoveryCache: Sendable {
    private let known = Mutex<[String: [DiscoveredResource]]>([:])

    subscript(apiVersion: String) -> [DiscoveredResource]? {
        get { known.withLock { $0[apiVersion] } }
        set { known.withLock { $0[apiVersion] = newValue } }
    }
}

extension KubernetesClient {
    /// Where objects with these `apiVersion` and `kind` live.
    ///
    /// A kind that is not known is asked for anew, because CRDs come and go.
    package func resource(apiVersion: String, kind: String) async throws -> ResourceType {
        if let found = discovery[apiVersion]?.first(where: { $0.type.kind == kind }) { return found.type }
        let served: [DiscoveredResource]
        do {
            served = try await resources(apiVersion: apiVersion)
        } catch let error where error.apiFailure?.isNotFound == true {
            throw KubernetesError.unknownResource(
                "\(kind) \(apiVersion)", reason: "it does not serve \(apiVersion); is the CRD applied?")
        }
        guard let found = served.first(where: { $0.type.kind == kind }) else {
            throw KubernetesError.unknownResource(
                "\(kind) \(apiVersion)", reason: "\(apiVersion) has \(served.map(\.type.kind).joined(separator: ", "))")
        }
        return found.type
    }

    /// Where this object lives, by its own `apiVersion` and `kind`.
    package func resource(of object: JSONValue) async throws -> ResourceType {
        guard let apiVersion = object["apiVersion"]?.string, let kind = object["kind"]?.string else {
            throw KubernetesError.unsendable(
                object["metadata"]?["name"]?.string ?? "object", reason: "it has no apiVersion and kind")
        }
        return try await resource(apiVersion: apiVersion, kind: kind)
    }

    /// The kind that a person means: `pods`, `po`, `networkpolicy`, `netpol`, `routes.route.openshift.io`.
    package func resource(named name: String) async throws -> DiscoveredResource {
        for apiVersion in try await preferredVersions() {
            if let found = try await resources(apiVersion: apiVersion).first(where: { $0.matches(name) }) {
                return found
            }
        }
        throw KubernetesError.unknownResource(name, reason: "see `kubectl api-resources` for those it has")
    }

    /// Everything served under one `apiVersion`, subresources left out.
    package func resources(apiVersion: String) async throws -> [DiscoveredResource] {
        let path = apiVersion.contains("/") ? "/apis/\(apiVersion)" : "/api/\(apiVersion)"
        let request = APIRequest(method: .get, path: path)
        let list = try WireCodec.decode(WireResourceList.self, from: try await send(request), of: request)
        let parts = apiVersion.split(separator: "/").map(String.init)
        let (group, version) = parts.count == 2 ? (parts[0], parts[1]) : ("", apiVersion)
        let found = list.resources.filter { !$0.name.contains("/") }.map { entry in
            DiscoveredResource(
                type: ResourceType(
                    group: group, version: version, kind: entry.kind, plural: entry.name,
                    isNamespaced: entry.namespaced),
                singularName: entry.singularName ?? entry.kind.lowercased(), shortNames: entry.shortNames ?? [],
                verbs: entry.verbs ?? [], categories: entry.categories ?? [])
        }
        discovery[apiVersion] = found
        return found
    }

    /// `v1` first, then each group's preferred version in the server's order.
    package func preferredVersions() async throws -> [String] {
        let request = APIRequest(method: .get, path: "/apis")
        let groups = try WireCodec.decode(WireGroupList.self, from: try await send(request), of: request)
        return ["v1"] + groups.groups.compactMap { ($0.preferredVersion ?? $0.versions.first)?.groupVersion }
    }
}

private struct WireResourceList: Decodable {
    struct Entry: Decodable {
        var name: String
        var singularName: String?
        var namespaced: Bool
        var kind: String
        var verbs: [String]?
        var shortNames: [String]?
        var categories: [String]?
    }

    var resources: [Entry]
}

private struct WireGroupList: Decodable {
    struct Group: Decodable {
        var versions: [Version]
        var preferredVersion: Version?
    }

    struct Version: Decodable {
        var groupVersion: String
    }

    var groups: [Group]
}
