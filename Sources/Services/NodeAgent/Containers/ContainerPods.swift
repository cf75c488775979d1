package import CNISpec
package import ClusterAPI
package import KubernetesClient
package import Logging
import NetworkTypes
package import NodeModel
import ServiceLifecycle
import Synchronization

/// Containers without a kubelet, as pods: finds the pod that somebody declared for a container or makes one, and keeps its status.
///
/// The API decides what a container is: its labels are those of the declared pod, or `gabion.io/container` alone.
package final class ContainerPods: PodRegistry, ServiceLifecycle.Service {
    /// The label of pods that were made for a container: its name.
    package static let label = "gabion.io/container"
    /// The annotation of pods that were made for a container: the node that did, and takes them away again.
    package static let annotation = "gabion.io/registered-by"

    private let client: KubernetesClient
    private let node: String
    private let standard: String
    private let logger: Logger
    private let containers = Mutex(Containers())

    private struct Containers: Sendable {
        /// What is attached, by pod.
        var present: [ObjectKey: PodAttachment] = [:]
        /// When a pod was looked for last: what is not there yet is on its way.
        var expected: [ObjectKey: ContinuousClock.Instant] = [:]

        func isExpected(_ key: ObjectKey) -> Bool {
            expected[key].map { $0.duration(to: .now) < .seconds(120) } ?? false
        }
    }

    /// - Parameter standard: the namespace of containers that name none.
    package init(client: KubernetesClient, node: String, standard: String, logger: Logger) {
        self.client = client
        self.node = node
        self.standard = standard
        self.logger = logger
    }

    package func pod(
        of invocation: Invocation, _ configuration: NetworkConfiguration
    ) async throws(PluginError) -> ObjectKey {
        do {
            let namespaces = Set(try await client.list(Namespace.self).items.map(\.key.name))
            let key = try ContainerName.pod(of: invocation, configuration, among: namespaces, standard: standard)
            guard namespaces.contains(key.namespace) else {
                throw PluginError(
                    .invalidConfiguration, "namespace \(key.namespace) of container \(key.name) does not exist",
                    details: "make it with kubectl create namespace \(key.namespace)")
            }
            containers.withLock { $0.expected[key] = .now }
            try await declare(key)
            return key
        } catch let error as PluginError {
            throw error
        } catch {
            throw PluginError(
                .tryAgainLater, "the API cannot be asked which pod container \(invocation.containerID) is",
                details: "\(error)")
        }
    }

    /// The pod exists afterwards, and is this node's.
    private func declare(_ key: ObjectKey) async throws {
        let pod: Pod
        do {
            pod = try await client.get(Pod.self, key.name, in: key.namespace)
        } catch  where error.apiFailure?.isNotFound == true {
            let metadata = ObjectMeta(
                name: key.name, namespace: key.namespace, labels: [Self.label: key.name],
                annotations: [Self.annotation: node])
            var container = Container(name: "container")
            container.image = "gabion.io/container"
            try await client.create(
                Pod(metadata: metadata, spec: PodSpec(nodeName: node, containers: [container])))
            return
        }
        guard let place = pod.spec?.nodeName, !place.isEmpty else { return try await client.bind(key, to: node) }
        guard place == node else {
            throw PluginError(
                .invalidConfiguration, "pod \(key) is declared for node \(place), not for \(node)",
                details: "delete it, or give the container another name")
        }
    }

    package func attached(_ attachment: PodAttachment) async {
        containers.withLock {
            $0.present[attachment.pod] = attachment
            $0.expected[attachment.pod] = nil
        }
        await report(attachment.pod, attachment)
    }

    package func detached(_ attachment: PodAttachment) async {
        let isLast = containers.withLock { containers in
            guard containers.present[attachment.pod]?.interface == attachment.interface else { return false }
            containers.present[attachment.pod] = nil
            return true
        }
        if isLast { await report(attachment.pod, nil) }
    }

    package func adopt(_ attachments: [PodAttachment]) async {
        containers.withLock { containers in
            for attachment in attachments { containers.present[attachment.pod] = attachment }
        }
    }

    // MARK: Statuses

    /// Until graceful shutdown: what could not be written when it happened is written later.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat { await self.reportAll() } while (try? await Task.sleep(for: .seconds(10))) != nil
        }
    }

    private func reportAll() async {
        do {
            let pods = try await client.list(Pod.self).items.filter { $0.spec?.nodeName == node }
            for pod in pods where !pod.isHostNetwork {
                let (attachment, isExpected) = containers.withLock {
                    ($0.present[pod.key], $0.isExpected(pod.key))
                }
                if isExpected { continue }
                let texts = (attachment?.addresses ?? []).map(\.description)
                let isStale = attachment == nil && pod.metadata.annotations?[Self.annotation] == node
                if isStale || pod.addressTexts != texts { await report(pod.key, attachment) }
            }
        } catch {
            logger.debug("containers' pods cannot be looked at", metadata: ["error": "\(error)"])
        }
    }

    /// Says where a container is; one that is gone takes the pod along that was made for it.
    private func report(_ key: ObjectKey, _ attachment: PodAttachment?) async {
        do {
            let pod = try await client.get(Pod.self, key.name, in: key.namespace)
            guard let attachment else { return try await reportEnd(pod) }
            try await write(Self.running(pod, attachment), key)
        } catch  where error.apiFailure?.isNotFound == true {
            // Somebody has deleted it: nothing of it is let through any more.
        } catch {
            logger.warning(
                "a container's pod does not say where it is; it is tried again",
                metadata: ["pod": "\(key)", "error": "\(error)"])
        }
    }

    /// The runtime alone knows how the container is; that it has a network is all that can be said.
    private static func running(_ pod: Pod, _ attachment: PodAttachment) -> JSONValue {
        let addresses = attachment.addresses.map { JSONValue.string($0.description) }
        let now = JSONValue.string(Timestamp.now().seconds)
        let id = JSONValue.string("cni://" + attachment.containerID)
        return [
            "phase": "Running", "startTime": now, "podIP": addresses.first ?? .null,
            "podIPs": .array(addresses.map { ["ip": $0] }),
            "conditions": .array(
                ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map {
                    ["type": .string($0), "status": "True", "lastTransitionTime": now]
                }),
            "containerStatuses": .array(
                (pod.spec?.containers ?? []).map { container in
                    [
                        "name": .string(container.name), "image": .string(container.image ?? ""), "imageID": "",
                        "containerID": id, "ready": true, "started": true, "restartCount": 0,
                        "state": ["running": ["startedAt": now]],
                    ]
                }),
        ]
    }

    private func reportEnd(_ pod: Pod) async throws {
        guard pod.metadata.annotations?[Self.annotation] != node else {
            let options = DeleteOptions(gracePeriodSeconds: 0, uid: pod.metadata.uid)
            return try await client.delete(Pod.self, pod.key.name, in: pod.key.namespace, options: options)
        }
        let nothing: JSONValue = [
            "phase": "Pending", "podIP": .null, "podIPs": .null, "conditions": .null, "containerStatuses": .null,
        ]
        try await write(nothing, pod.key)
    }

    private func write(_ status: JSONValue, _ key: ObjectKey) async throws {
        try await client.patch(
            Pod.self, key.name, in: key.namespace, with: .merge(["status": status]), subresource: "status")
    }
}
