import APIMachinery
import ClusterAPI
import Foundation
import KubernetesClient
import ManifestFiles

/// What is to be written into the API, object by object, and how.
struct ApplyPlan: Sendable {
    enum Action: String, Sendable {
        case created
        case configured
        case unchanged
    }

    struct Write: Sendable {
        let kind: String
        let key: ObjectKey
        let action: Action
        /// The whole object; of one that exists with the `resourceVersion` that was read: who changes it meanwhile wins.
        let document: JSONValue

        var title: String { "\(kind) \(key)" }
    }

    /// In the order of writing: those that only narrow come last.
    let writes: [Write]

    /// What is only tried is applied, too, and cuts nothing.
    static let kinds: [ResourceType] = [
        NetworkPolicy.resource, AdminNetworkPolicy.resource, BaselineAdminNetworkPolicy.resource,
        ClusterNetworkPolicy.resource, EgressFirewall.resource, EgressNetworkPolicy.resource,
        MetadataAccess.resource, Zone.resource,
        StagedPolicy.resource, ClusterStagedPolicy.resource,
    ]

    /// Objects that `apply` does not write, and objects that are given twice.
    static func refusals(_ objects: [ManifestObject]) -> [ManifestError] {
        var seen: Set<String> = []
        return objects.compactMap { object in
            guard resource(of: object) != nil else {
                let names = kinds.map { "\($0.kind) \($0.apiVersion)" }.joined(separator: ", ")
                return object.error(at: [], "only policies are applied (\(names)); leave it to kubectl apply")
            }
            guard seen.insert("\(object.kind) \(Self.key(object))").inserted else {
                return object.error(at: [], "is given twice; keep one")
            }
            return nil
        }
    }

    /// Reads what the API has of these objects.
    init(_ objects: [ManifestObject], _ client: KubernetesClient) async throws {
        var writes: [Write] = []
        for object in objects.enumerated().sorted(by: { Self.isWider($0, $1) }).map(\.element) {
            writes.append(try await Self.write(object, client))
        }
        self.writes = writes
    }

    private static func isWider(
        _ one: (offset: Int, element: ManifestObject), _ other: (offset: Int, element: ManifestObject)
    ) -> Bool {
        let ranks = [one, other].map { narrowsOnly($0.element.value) ? 1 : 0 }
        return (ranks[0], one.offset) < (ranks[1], other.offset)
    }

    /// True for a policy in which no rule allows anything: a default deny, or denies alone.
    static func narrowsOnly(_ object: JSONValue) -> Bool {
        let spec = object["spec"]
        let rules = ["ingress", "egress"].flatMap { spec?[$0]?.array ?? [] }
        return !rules.contains { (($0["action"] ?? $0["type"])?.string ?? "Allow") != "Deny" }
    }

    private static func resource(of object: ManifestObject) -> ResourceType? {
        kinds.first { $0.kind == object.kind && $0.apiVersion == object.apiVersion }
    }

    /// Where the object is written: without a namespace in `default`, as with kubectl.
    static func key(_ object: ManifestObject) -> ObjectKey {
        let isNamespaced = resource(of: object)?.isNamespaced == true
        let namespace = object.key.namespace.isEmpty && isNamespaced ? "default" : object.key.namespace
        return ObjectKey(namespace: isNamespaced ? namespace : "", name: object.key.name)
    }

    private static func write(_ object: ManifestObject, _ client: KubernetesClient) async throws -> Write {
        let key = key(object)
        let resource = try await client.resource(of: object.value)
        let existing: JSONValue
        do {
            existing = try await client.get(resource, key.name, in: key.namespace)
        } catch let error where error.apiFailure?.isNotFound == true {
            var document = object.value
            document["status"] = nil
            if resource.isNamespaced { document["metadata"]?["namespace"] = .string(key.namespace) }
            document["metadata"]?["resourceVersion"] = nil
            return Write(kind: object.kind, key: key, action: .created, document: document)
        }
        let document = replaced(existing, by: object.value)
        let write = ObjectWrite(object)
        let outcome = try write?.update(document, replacing: existing, name: key.name)
        let isChange = outcome?.isChange(from: existing) ?? true
        return Write(
            kind: object.kind, key: key, action: isChange ? .configured : .unchanged, document: document)
    }

    /// The object with all that the manifest says of it.
    ///
    /// A spec is replaced and never merged: what was taken out of a manifest must not live on in the cluster. Labels and
    /// annotations that others gave are kept.
    static func replaced(_ existing: JSONValue, by manifest: JSONValue) -> JSONValue {
        var result = existing
        let kept = ["apiVersion", "kind", "metadata", "status"]
        for member in Set((existing.object ?? [:]).keys).union((manifest.object ?? [:]).keys)
        where !kept.contains(member) {
            result[member] = manifest[member]
        }
        for field in ["labels", "annotations"] {
            guard let own = manifest["metadata"]?[field]?.object else { continue }
            let others = existing["metadata"]?[field]?.object ?? [:]
            let all = others.merging(own) { _, new in new }
            result["metadata"]?[field] = all.isEmpty ? existing["metadata"]?[field] : .object(all)
        }
        return result
    }

    /// Writes one object after another, and tells of each; stops at the first that cannot be written.
    ///
    /// - Throws: `CommandFailure` that says what was written before and what was not tried.
    func write(_ client: KubernetesClient, _ tell: (Write) -> Void) async throws {
        var written = 0
        for (index, write) in writes.enumerated() {
            do {
                switch write.action {
                case .created: try await client.create(write.document)
                case .configured: try await client.update(write.document)
                case .unchanged: break
                }
            } catch {
                let cause = CommandFailure(error)
                let rest = writes.dropFirst(index + 1).map(\.title)
                let conflict = error.apiFailure?.isConflict == true || error.apiFailure?.alreadyExists == true
                throw CommandFailure(
                    "\(write.title) was not written: \(cause.cause); \(written) written before it"
                        + (rest.isEmpty ? "" : "; not tried: \(rest.joined(separator: ", "))"),
                    remedy: conflict ? "Somebody changed it meanwhile: apply again, to judge it anew." : cause.remedy)
            }
            if write.action != .unchanged { written += 1 }
            tell(write)
        }
    }
}
