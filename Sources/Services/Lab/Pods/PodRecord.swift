import CNISpec
import ClusterAPI
import LinuxSystem
import NetworkTypes

/// A pod that the lab runs, or did run.
struct PodRecord: Sendable {
    let uid: String
    let key: ObjectKey
    let node: String
    let isHostNetwork: Bool
    /// The name of the namespace that its processes are in: its own, or the node's.
    let namespace: String
    /// The ports of its node that lead to it.
    let portMappings: [NetworkConfiguration.PortMapping]
    let bandwidth: NetworkConfiguration.Bandwidth?
    var addresses: [IPAddress] = []
    var containers: [RunningContainer] = []
    /// Processes that end again and again are started again at growing intervals.
    var mayReviveAt = ContinuousClock.now
    /// Set when all containers have ended and none is started again.
    var endedAs: String?

    /// True when a process has ended and it is time to see to it.
    var needsRevival: Bool {
        endedAs == nil && mayReviveAt <= ContinuousClock.now && containers.contains { !$0.process.isRunning }
    }

    /// What the CNI plugin knows the pod by.
    var containerID: String { "lab-" + uid }

    struct RunningContainer: Sendable {
        let plan: ContainerPlan
        var process: ProcessHandle
        var restarts = 0
    }
}

/// What one process of a pod runs.
struct ContainerPlan: Sendable {
    let name: String
    var program: Program
    /// A port that must accept before the pod is ready.
    let readyPort: UInt16?
    let restartPolicy: String
    /// Why the program is not the container's own command, for people.
    var note: String?
}
