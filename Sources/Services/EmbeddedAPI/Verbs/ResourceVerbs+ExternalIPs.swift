import APIMachinery
import AddressAllocation
import ClusterAPI
import Foundation
import Logging
import NetworkTypes

/// A Service that was refused for its external IPs: people who watch for that find it among the events, too.
private struct ExternalIPRefusal: Error {
    let status: APIStatus
    /// Of the Service that was to be replaced.
    let uid: String?
}

extension ResourceVerbs {
    private static let policies = "externalippolicies.gabion.io"
    private static let networks = "clusternetworks.network.openshift.io"

    /// Refuses a Service with external IPs that no ExternalIPPolicy allows.
    ///
    /// Decided in the writer: a policy that is written at the same time is either seen, or came later.
    func checkExternalIPs(
        _ after: JSONValue, replacing before: JSONValue?, _ key: StoreKey, _ resource: ResourceDescriptor,
        in view: StoreView
    ) throws {
        guard key.resource == "services" else { return }
        let admission = ServiceExternalIPs(rules: { try rules(view) }, isTaken: { view.isHeld($0, byOtherThan: key) })
        let errors = try admission.errors(in: after, replacing: before)
        guard !errors.isEmpty else { return }
        throw ExternalIPRefusal(
            status: ServiceExternalIPs.refusal(errors, after, of: resource), uid: before?["metadata"]?["uid"]?.string)
    }

    private func rules(_ view: StoreView) throws -> ExternalIPRules {
        let objects = { resource in view.objects(resource, committed: store.list(resource, namespace: nil).objects) }
        let policies = try objects(Self.policies).map { stored in
            let spec = try stored.document["spec"]
            let texts = { (member: String) in spec?[member]?.array?.compactMap(\.string) }
            return ExternalIPPolicy(
                name: stored.key.name,
                spec: ExternalIPPolicySpec(
                    allowedCIDRs: texts("allowedCIDRs"), rejectedCIDRs: texts("rejectedCIDRs"),
                    autoAssignCIDRs: texts("autoAssignCIDRs")))
        }
        let networks = try objects(Self.networks).flatMap { NodeAddressClaims.clusterRanges(of: try $0.document) }
        return ExternalIPRules(policies, reserved: networks.isEmpty ? services.ranges.map(\.cidr) : networks)
    }

    /// Writes, and tells of a Service that was refused for its external IPs.
    func reportingRefusals(
        _ key: StoreKey, _ request: ResourceRequest,
        _ decide: @escaping @Sendable (StoreView) throws -> StoreDecision
    ) async throws -> StoreOutcome {
        do {
            return try await store.write(decide)
        } catch let refusal as ExternalIPRefusal {
            if try !request.isDryRun() { await report(refusal, key, at: request.now) }
            throw refusal.status
        }
    }

    /// One event per Service: who tries again and again raises its count.
    private func report(_ refusal: ExternalIPRefusal, _ service: StoreKey, at now: APITime) async {
        let key = StoreKey(
            resource: "events", namespace: service.namespace, name: "\(service.name).external-ip-rejected")
        let fresh = Self.event(key, refusal, service, uid: UUID().uuidString.lowercased(), at: now)
        let namespace = StoreKey(resource: Self.namespaces, namespace: "", name: service.namespace)
        do {
            _ = try await store.write { view in
                guard view[namespace]?.isTerminating == false else { return .commit([]) }
                guard var event = try view[key]?.document else { return .commit([.put(key, fresh)]) }
                event["count"] = .int((event["count"]?.int ?? 0) + 1)
                for member in ["message", "involvedObject", "lastTimestamp"] { event[member] = fresh[member] }
                return .commit([.put(key, event)])
            }
        } catch {
            logger.warning("no event about the refused \(service): \(error)")
        }
    }

    private static func event(
        _ key: StoreKey, _ refusal: ExternalIPRefusal, _ service: StoreKey, uid: String, at now: APITime
    ) -> JSONValue {
        let time = JSONValue.string(now.text)
        let about: [String: JSONValue?] = [
            "apiVersion": "v1", "kind": "Service", "namespace": .string(service.namespace),
            "name": .string(service.name), "uid": refusal.uid.map(JSONValue.string),
        ]
        return [
            "apiVersion": "v1", "kind": "Event",
            "metadata": [
                "name": .string(key.name), "namespace": .string(key.namespace), "uid": .string(uid),
                "creationTimestamp": time,
            ],
            "involvedObject": .object(about.compactMapValues(\.self)), "type": "Warning",
            "reason": "ExternalIPRejected", "message": .string(refusal.status.message),
            "source": ["component": "gabion-apiserver"], "reportingComponent": "gabion-apiserver",
            "reportingInstance": "", "firstTimestamp": time, "lastTimestamp": time, "count": 1,
        ]
    }
}
