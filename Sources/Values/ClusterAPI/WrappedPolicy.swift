/// The whole manifest of a policy inside another object.
package struct WrappedPolicy: Hashable, Sendable {
    /// The name may be missing: it is then that of the object around it.
    package var metadata: ObjectMeta
    package var content: Content

    package init(metadata: ObjectMeta = ObjectMeta(), content: Content) {
        self.metadata = metadata
        self.content = content
    }

    /// The spec of each kind that can be wrapped; nil when it is missing.
    package enum Content: Hashable, Sendable {
        case networkPolicy(NetworkPolicySpec?)
        case egressFirewall(EgressFirewallSpec?)
        case egressNetworkPolicy(EgressFirewallSpec?)
        case adminNetworkPolicy(AdminNetworkPolicySpec?)
        case baselineAdminNetworkPolicy(AdminNetworkPolicySpec?)
        case clusterNetworkPolicy(ClusterNetworkPolicySpec?)
        case zone(ZoneSpec?)
        case metadataAccess(MetadataAccessSpec?)

        package var resource: ResourceType {
            switch self {
            case .networkPolicy: NetworkPolicy.resource
            case .egressFirewall: EgressFirewall.resource
            case .egressNetworkPolicy: EgressNetworkPolicy.resource
            case .adminNetworkPolicy: AdminNetworkPolicy.resource
            case .baselineAdminNetworkPolicy: BaselineAdminNetworkPolicy.resource
            case .clusterNetworkPolicy: ClusterNetworkPolicy.resource
            case .zone: Zone.resource
            case .metadataAccess: MetadataAccess.resource
            }
        }
    }

    /// The kinds that can be wrapped: those of a namespace, and those of the whole cluster.
    package static let namespacedKinds = [
        NetworkPolicy.resource, EgressFirewall.resource, EgressNetworkPolicy.resource,
    ]
    package static let clusterKinds = [
        AdminNetworkPolicy.resource, BaselineAdminNetworkPolicy.resource, ClusterNetworkPolicy.resource, Zone.resource,
        MetadataAccess.resource,
    ]

    /// A kind by what a manifest says; NetworkPolicy in its old version too.
    package static func resource(apiVersion: String, kind: String) -> ResourceType? {
        let isOldPolicy = apiVersion == "extensions/v1beta1" && kind == NetworkPolicy.resource.kind
        return (namespacedKinds + clusterKinds).first {
            $0.kind == kind && ($0.apiVersion == apiVersion || isOldPolicy)
        }
    }

    /// One of which only kind and name are read.
    struct Named: Decodable {
        let policy: WrappedPolicy

        init(from decoder: any Decoder) throws {
            policy = try WrappedPolicy(from: decoder.container(keyedBy: CodingKeys.self), withSpec: false)
        }
    }
}

extension WrappedPolicy: Codable {
    fileprivate enum CodingKeys: CodingKey {
        case apiVersion, kind, metadata, spec
    }

    package init(from decoder: any Decoder) throws {
        try self.init(from: decoder.container(keyedBy: CodingKeys.self), withSpec: true)
    }

    fileprivate init(from container: KeyedDecodingContainer<CodingKeys>, withSpec: Bool) throws {
        let apiVersion = try container.decode(String.self, forKey: .apiVersion)
        let kind = try container.decode(String.self, forKey: .kind)
        func spec<Spec: Decodable>(_ type: Spec.Type) throws -> Spec? {
            withSpec ? try container.decodeIfPresent(type, forKey: .spec) : nil
        }
        switch Self.resource(apiVersion: apiVersion, kind: kind) {
        case NetworkPolicy.resource: content = .networkPolicy(try spec(NetworkPolicySpec.self))
        case EgressFirewall.resource: content = .egressFirewall(try spec(EgressFirewallSpec.self))
        case EgressNetworkPolicy.resource: content = .egressNetworkPolicy(try spec(EgressFirewallSpec.self))
        case AdminNetworkPolicy.resource: content = .adminNetworkPolicy(try spec(AdminNetworkPolicySpec.self))
        case BaselineAdminNetworkPolicy.resource:
            content = .baselineAdminNetworkPolicy(try spec(AdminNetworkPolicySpec.self))
        case ClusterNetworkPolicy.resource: content = .clusterNetworkPolicy(try spec(ClusterNetworkPolicySpec.self))
        case Zone.resource: content = .zone(try spec(ZoneSpec.self))
        case MetadataAccess.resource: content = .metadataAccess(try spec(MetadataAccessSpec.self))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "\(kind) of \(apiVersion) cannot be staged")
        }
        metadata = try container.decodeIfPresent(ObjectMeta.self, forKey: .metadata) ?? ObjectMeta()
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(content.resource.apiVersion, forKey: .apiVersion)
        try container.encode(content.resource.kind, forKey: .kind)
        try container.encode(metadata, forKey: .metadata)
        switch content {
        case .networkPolicy(let spec): try container.encodeIfPresent(spec, forKey: .spec)
        case .egressFirewall(let spec), .egressNetworkPolicy(let spec):
            try container.encodeIfPresent(spec, forKey: .spec)
        case .adminNetworkPolicy(let spec), .baselineAdminNetworkPolicy(let spec):
            try container.encodeIfPresent(spec, forKey: .spec)
        case .clusterNetworkPolicy(let spec): try container.encodeIfPresent(spec, forKey: .spec)
        case .zone(let spec): try container.encodeIfPresent(spec, forKey: .spec)
        case .metadataAccess(let spec): try container.encodeIfPresent(spec, forKey: .spec)
        }
    }
}
