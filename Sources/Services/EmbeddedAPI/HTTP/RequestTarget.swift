import APIMachinery

/// What a URL names.
enum RequestTarget: Hashable, Sendable {
    case health
    case version
    case metrics
    case openAPIv2
    /// The index for nil, else the document of one group and version.
    case openAPIv3(GroupVersion?)
    /// `/`: the paths that there are.
    case index
    /// `/api`.
    case coreVersions
    /// `/apis`.
    case groups
    /// `/apis/GROUP`.
    case group(String)
    /// `/api/v1`, `/apis/GROUP/VERSION`.
    case resources(GroupVersion)
    case object(ObjectTarget)
    case unknown

    init(path: String) {
        let parts = path.split(separator: "/").map { PercentCoding.decode($0) }
        switch parts.first {
        case nil: self = .index
        case "healthz", "livez", "readyz": self = .health
        case "version" where parts.count == 1: self = .version
        case "metrics" where parts.count == 1: self = .metrics
        case "openapi": self = Self.openAPI(parts.dropFirst())
        case "api": self = Self.api(group: "", parts.dropFirst())
        case "apis" where parts.count == 1: self = .groups
        case "apis" where parts.count == 2: self = .group(parts[1])
        case "apis": self = Self.api(group: parts[1], parts.dropFirst(2))
        default: self = .unknown
        }
    }

    private static func openAPI(_ parts: ArraySlice<String>) -> RequestTarget {
        let rest = Array(parts.dropFirst())
        switch (parts.first, rest.count) {
        case ("v2", 0): return .openAPIv2
        case ("v3", 0): return .openAPIv3(nil)
        case ("v3", 2) where rest[0] == "api": return .openAPIv3(GroupVersion(group: "", version: rest[1]))
        case ("v3", 3) where rest[0] == "apis": return .openAPIv3(GroupVersion(group: rest[1], version: rest[2]))
        default: return .unknown
        }
    }

    /// `parts` begin with the version.
    private static func api(group: String, _ parts: ArraySlice<String>) -> RequestTarget {
        guard let version = parts.first else { return .coreVersions }
        let place = GroupVersion(group: group, version: version)
        let rest = Array(parts.dropFirst())
        if rest.isEmpty { return .resources(place) }
        return ObjectTarget(place, rest).map(RequestTarget.object) ?? .unknown
    }
}

/// A collection, an object or a subresource: `[namespaces/NS/]PLURAL[/NAME[/SUBRESOURCE]]` under a version.
struct ObjectTarget: Hashable, Sendable {
    let version: GroupVersion
    let plural: String
    let namespace: String?
    let name: String?
    let subresource: String?

    /// Nil for a path that is too long.
    init?(_ version: GroupVersion, _ parts: [String]) {
        self.version = version
        let isCore = version.group.isEmpty
        // `namespaces/NAME/status` and `/finalize` are about the Namespace itself.
        let isNamespaceSubresource = isCore && parts.count == 3 && ["status", "finalize"].contains(parts[2])
        if parts.count >= 3, parts[0] == "namespaces", !isNamespaceSubresource {
            guard parts.count <= 5 else { return nil }
            namespace = parts[1]
            plural = parts[2]
            name = parts.count > 3 ? parts[3] : nil
            subresource = parts.count > 4 ? parts[4] : nil
        } else {
            guard parts.count <= 3 else { return nil }
            namespace = nil
            plural = parts[0]
            name = parts.count > 1 ? parts[1] : nil
            subresource = parts.count > 2 ? parts[2] : nil
        }
    }
}
