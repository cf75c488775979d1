package import ClusterAPI

/// Every kind that the server serves: the built-in ones, and those that CustomResourceDefinitions declare.
package struct ResourceCatalogue: Sendable {
    /// In the order of registration.
    package private(set) var resources: [ResourceDescriptor]
    private var byPath: [Path: Int] = [:]

    private struct Path: Hashable {
        let version: GroupVersion
        let plural: String
    }

    /// The built-in kinds.
    package init() { self.init(resources: ResourceDescriptor.builtIn) }

    package init(resources: [ResourceDescriptor]) {
        self.resources = resources
        reindex()
    }

    /// The kind served at a group, version and plural of a URL.
    package func resource(at version: GroupVersion, plural: String) -> ResourceDescriptor? {
        byPath[Path(version: version, plural: plural)].map { resources[$0] }
    }

    /// The kind that an object's `apiVersion` and `kind` name.
    package func resource(apiVersion: String, kind: String) -> ResourceDescriptor? {
        guard let version = GroupVersion(apiVersion: apiVersion) else { return nil }
        return resources.first { $0.kind == kind && $0.served.contains(version) }
    }

    package func resources(in version: GroupVersion) -> [ResourceDescriptor] {
        resources.filter { $0.served.contains(version) }
    }

    /// Every served group and version, groups in order of registration, the preferred version of each group first.
    package var groupVersions: [GroupVersion] {
        var groups: [String] = []
        var versions: [String: [GroupVersion]] = [:]
        for resource in resources {
            for version in resource.served where versions[version.group]?.contains(version) != true {
                if versions[version.group] == nil { groups.append(version.group) }
                versions[version.group, default: []].append(version)
            }
        }
        return groups.flatMap { versions[$0, default: []].sorted { GroupVersion.isPreferred($0, over: $1) } }
    }

    /// Serves the kind that a valid CustomResourceDefinition declares; replaces an earlier registration of the same
    /// definition.
    ///
    /// Throws when its names collide with another kind of the same group.
    @discardableResult
    package mutating func register(crd: JSONValue) throws(APIStatus) -> ResourceDescriptor {
        let descriptor = try ResourceDescriptor(crd: crd)
        if let other = resources.first(where: { descriptor.collides(with: $0) }) {
            let isServed = other.customResourceDefinition == nil && other.qualifiedPlural == descriptor.qualifiedPlural
            throw .conflict(
                .customResourceDefinition, name: descriptor.qualifiedPlural,
                why: isServed
                    ? "this server has \(other.qualifiedKind) built in, which needs no definition"
                    : "its names are taken by \(other.qualifiedKind)")
        }
        resources.removeAll { $0.customResourceDefinition == descriptor.customResourceDefinition }
        resources.append(descriptor)
        reindex()
        return descriptor
    }

    /// Stops serving what the named definition declared; nil when it declared nothing.
    @discardableResult
    package mutating func unregister(crdName: String) -> ResourceDescriptor? {
        guard let index = resources.firstIndex(where: { $0.customResourceDefinition == crdName }) else { return nil }
        let removed = resources.remove(at: index)
        reindex()
        return removed
    }

    private mutating func reindex() {
        byPath = [:]
        for (index, resource) in resources.enumerated() {
            for version in resource.served { byPath[Path(version: version, plural: resource.plural)] = index }
        }
    }
}
