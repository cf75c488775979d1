package import APIMachinery
package import ClusterAPI
package import ManifestFiles
import NetworkTypes
package import PolicyEngine
package import ServiceVerdicts

/// The cluster that a set of manifests describes, ready for questions.
package struct PolicyWorld: Sendable {
    package let engine: PolicyEngine
    package let pods: Set<ObjectKey>
    /// Services, and what they lead to.
    package let services: ServiceObjects
    /// What is only tried; no part of `engine`.
    package let staged: [StagedObject]
    /// What a person should know about the input; it did not keep us from answering.
    package let warnings: [String]

    /// The engine of a world in which everything staged is enforced; nil if nothing is staged.
    package let stagedEngine: PolicyEngine?

    /// Takes Pods, Namespaces, Nodes, NetworkPolicies, the policies of policy.networking.k8s.io, EgressFirewalls and
    /// EgressNetworkPolicies, MetadataAccesses, Zones, what stages any of them, Services with their EndpointSlices and Endpoints,
    /// ExternalIPPolicies, FailoverGroups, EgressIPs and EgressNodes, and the ClusterNetwork, HostSubnets and NetNamespaces of
    /// network.openshift.io; other kinds have no say.
    ///
    /// Of two objects with one name the later holds, as with `kubectl apply`. Throws every object that is not what its kind
    /// demands. `base` is the cluster that they are applied to. At `time`, holes between zones that end have ended or not.
    package init(
        _ objects: [ManifestObject], over base: PolicyEngine = PolicyEngine(), at time: APITime = .now
    ) throws(ManifestErrors) {
        var engine = base
        engine.setTime(time)
        var pods: Set<ObjectKey> = []
        var services = ServiceObjects()
        var staged: [StagedObject] = []
        var warnings: [String] = []
        var errors: [ManifestError] = []
        for object in objects {
            if Self.policyKinds.contains(where: { object.isKind(of: $0) }) {
                warnings += Self.unknownFields(in: object)
            }
            do {
                if object.isKind(of: Pod.self) {
                    let pod = try object.decode(Pod.self)
                    try Self.checkAddresses(of: pod, object)
                    pods.insert(pod.key)
                    services.upsert(pod)
                    engine.upsert(pod)
                } else if object.isKind(of: Namespace.self) {
                    let namespace = try object.decode(Namespace.self)
                    services.upsert(namespace)
                    engine.upsert(namespace)
                } else if object.isKind(of: Node.self) {
                    let node = try object.decode(Node.self)
                    services.upsert(node)
                    engine.upsert(node)
                } else if object.isKind(of: NetworkPolicy.self) {
                    engine.upsert(try object.decode(NetworkPolicy.self))
                } else if object.isKind(of: AdminNetworkPolicy.self) {
                    engine.upsert(try object.decode(AdminNetworkPolicy.self))
                } else if object.isKind(of: BaselineAdminNetworkPolicy.self) {
                    engine.upsert(try object.decode(BaselineAdminNetworkPolicy.self))
                } else if object.isKind(of: ClusterNetworkPolicy.self) {
                    engine.upsert(try object.decode(ClusterNetworkPolicy.self))
                } else if object.isKind(of: EgressFirewall.self) {
                    engine.upsert(try object.decode(EgressFirewall.self))
                } else if object.isKind(of: EgressNetworkPolicy.self) {
                    engine.upsert(try object.decode(EgressNetworkPolicy.self))
                } else if object.isKind(of: MetadataAccess.self) {
                    engine.upsert(try object.decode(MetadataAccess.self))
                } else if object.isKind(of: Zone.self) {
                    let zone = try object.decode(Zone.self)
                    services.upsert(zone)
                    engine.upsert(zone)
                } else if object.isKind(of: Service.self) {
                    services.upsert(try object.decode(Service.self))
                } else if object.isKind(of: EndpointSlice.self) {
                    services.upsert(try object.decode(EndpointSlice.self))
                } else if object.isKind(of: Endpoints.self) {
                    services.upsert(try object.decode(Endpoints.self))
                } else if let policy = try StagedObject(object) {
                    staged.append(policy)
                } else if object.isKind(of: ExternalIPPolicy.self) {
                    services.upsert(try object.decode(ExternalIPPolicy.self))
                } else if object.isKind(of: FailoverGroup.self) {
                    services.upsert(try object.decode(FailoverGroup.self))
                } else if object.isKind(of: HostSubnet.self) {
                    services.upsert(try object.decode(HostSubnet.self))
                } else if object.isKind(of: ClusterNetwork.self) {
                    let network = try object.decode(ClusterNetwork.self)
                    services.upsert(network)
                    engine.upsert(network)
                } else if object.isKind(of: NetNamespace.self) {
                    let netNamespace = try object.decode(NetNamespace.self)
                    services.upsert(netNamespace)
                    engine.upsert(netNamespace)
                } else if object.isKind(of: EgressIP.self) {
                    services.upsert(try object.decode(EgressIP.self))
                } else if object.isKind(of: EgressNode.self) {
                    services.upsert(try object.decode(EgressNode.self))
                } else {
                    try Self.checkVersion(of: object)
                    if object.kind.hasSuffix("NetworkPolicy") { warnings.append(Self.unread(object)) }
                }
            } catch {
                errors.append(error)
            }
        }
        if !errors.isEmpty { throw ManifestErrors(errors) }
        self.engine = engine
        self.pods = pods
        self.services = services
        self.staged = staged
        let world = StagedWorld(staged, beside: engine)
        stagedEngine = world.engine
        self.warnings = warnings + engine.faults(with: world.diagnostics)
    }

    /// All that says who may talk to whom: a field that is dropped there changes what passes.
    private static var policyKinds: [any APIObject.Type] {
        [
            NetworkPolicy.self, AdminNetworkPolicy.self, BaselineAdminNetworkPolicy.self, ClusterNetworkPolicy.self,
            EgressFirewall.self, EgressNetworkPolicy.self, MetadataAccess.self, Zone.self, StagedPolicy.self,
            ClusterStagedPolicy.self,
            ClusterNetwork.self, NetNamespace.self, ExternalIPPolicy.self, EgressIP.self,
        ]
    }

    /// A field that no API knows, such as `podSelecter`: the server drops it, and the policy means something else.
    private static func unknownFields(in object: ManifestObject) -> [String] {
        (ObjectWrite(object)?.findings(in: object.value) ?? []).compactMap { finding in
            guard case .unknownField = finding.kind else { return nil }
            return object.error(at: finding.path.manifestSteps, finding.advice).description
        }
    }

    private static func unread(_ object: ManifestObject) -> String {
        "\(object.file):\(object.line): \(object.apiVersion) \(object.title) is not read: its kind is not known here"
    }

    /// A kind that we know in a group of Kubernetes' own, but not in this version, is a slip of the pen.
    static func checkVersion(of object: ManifestObject) throws(ManifestError) {
        let known = ["Pod": "v1", "Namespace": "v1", "Node": "v1", "NetworkPolicy": "networking.k8s.io/v1"]
        guard let wanted = known[object.kind] else { return }
        let group = object.apiVersion.split(separator: "/").first.map(String.init) ?? ""
        guard ["networking.k8s.io", "extensions", "apps"].contains(group) || !object.apiVersion.contains("/") else {
            return
        }
        throw object.error(at: [.field("apiVersion")], "\(object.kind) is in \(wanted), not in \(object.apiVersion)")
    }

    private static func checkAddresses(of pod: Pod, _ object: ManifestObject) throws(ManifestError) {
        let status: [ManifestStep] = [.field("status")]
        for (index, text) in (pod.status?.podIPs ?? []).map(\.ip).enumerated() where IPAddress(text) == nil {
            let path = status + [.field("podIPs"), .index(index), .field("ip")]
            throw object.error(at: path, "'\(text)' is not an IP address")
        }
        if let text = pod.status?.podIP, !text.isEmpty, IPAddress(text) == nil {
            throw object.error(at: status + [.field("podIP")], "'\(text)' is not an IP address")
        }
    }
}

extension PolicyEngine {
    /// What does not hold as it is written, and whom zones close for it, in words for people.
    func faults(with others: [PolicyDiagnostic] = []) -> [String] {
        (diagnostics + others).map { "\($0); \($0.consequence)" }
            + zoneConflicts.map { conflict, pods in
                "\(conflict): its \(pods.count == 1 ? "pod is" : "\(pods.count) pods are") closed in both directions"
            }
    }
}
