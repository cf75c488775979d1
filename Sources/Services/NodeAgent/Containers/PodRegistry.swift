package import CNISpec
package import ClusterAPI
package import NodeModel

/// Which pod an attachment is about, and who is told that it is there.
package protocol PodRegistry: Sendable {
    /// What outlived an earlier agent; once, before everything else.
    func adopt(_ attachments: [PodAttachment]) async

    /// ADD: the pod whose policies apply.
    func pod(of invocation: Invocation, _ configuration: NetworkConfiguration) async throws(PluginError) -> ObjectKey

    /// Its rules are in force; the runtime starts it next.
    func attached(_ attachment: PodAttachment) async

    /// Nothing of it is left on this node.
    func detached(_ attachment: PodAttachment) async
}

/// Pods of a kubelet: the runtime names them, and kubelet tells the API of them.
package struct RuntimePods: PodRegistry {
    package init() {}

    package func adopt(_ attachments: [PodAttachment]) async {}

    package func pod(
        of invocation: Invocation, _ configuration: NetworkConfiguration
    ) async throws(PluginError) -> ObjectKey {
        guard let pod = invocation.pod else {
            throw PluginError(
                .invalidEnvironment, "CNI_ARGS does not name the pod",
                details: """
                    K8S_POD_NAMESPACE and K8S_POD_NAME are needed to know which policies apply; for containers of \
                    podman or ctr, start the agent with --containers
                    """)
        }
        return ObjectKey(namespace: pod.namespace, name: pod.name)
    }

    package func attached(_ attachment: PodAttachment) async {}

    package func detached(_ attachment: PodAttachment) async {}
}
