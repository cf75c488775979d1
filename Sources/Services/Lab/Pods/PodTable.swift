import ClusterAPI

/// What the lab's kubelet knows: the pods that the API wants, and those that run. One job at a time per pod.
actor PodTable {
    /// What to do next for one pod.
    enum Job: Sendable {
        case place(Pod)
        case start(Pod, node: String)
        case stop(PodRecord)
        /// The manifest says that the pod has ended.
        case end(Pod, phase: String)
        /// Some of its processes have ended.
        case revive(PodRecord)
    }

    private let nodes: Set<String>
    private var wanted: [String: Pod] = [:]
    private var running: [String: PodRecord] = [:]
    private var busy: Set<String> = []
    private var done: Set<String> = []
    private var queue: [String] = []
    private var failures: [String: Failure] = [:]
    private var scheduler: Scheduler

    struct Failure: Sendable {
        var count: Int
        var message: String
        var retryAt: ContinuousClock.Instant
    }

    init(_ topology: LabTopology) {
        nodes = Set(topology.nodes.map(\.name))
        scheduler = Scheduler(topology)
    }

    // MARK: What the API says

    /// - Parameter unreadable: pods that exist and stay as they are.
    func replace(_ pods: [Pod], keeping unreadable: Set<ObjectKey>) {
        let present = Set(pods.map(Self.uid))
        for (uid, pod) in wanted where !present.contains(uid) && !unreadable.contains(pod.key) { forget(uid) }
        for pod in pods { upsert(pod) }
    }

    func upsert(_ pod: Pod) {
        let uid = Self.uid(pod)
        if pod.metadata.deletionTimestamp != nil { return forget(uid) }
        if wanted[uid]?.spec?.nodeName == nil, let node = pod.spec?.nodeName, nodes.contains(node), placed[uid] == nil {
            scheduler.count(node)
            placed[uid] = node
        }
        wanted[uid] = pod
        queue.append(uid)
    }

    func remove(_ pod: Pod) { forget(Self.uid(pod)) }

    private var placed: [String: String] = [:]

    private func forget(_ uid: String) {
        wanted[uid] = nil
        done.remove(uid)
        failures[uid] = nil
        if let node = placed.removeValue(forKey: uid) { scheduler.forget(node) }
        queue.append(uid)
    }

    // MARK: What to do

    /// The next job, or nil when there is nothing to do now.
    ///
    /// The pod is busy until `finished` or `failed`.
    func next() -> Job? {
        let now = ContinuousClock.now
        for _ in 0..<queue.count {
            let uid = queue.removeFirst()
            if busy.contains(uid) || (failures[uid].map { $0.retryAt > now } ?? false) {
                queue.append(uid)
                continue
            }
            guard let job = job(for: uid) else { continue }
            busy.insert(uid)
            return job
        }
        return nil
    }

    private func job(for uid: String) -> Job? {
        guard let pod = wanted[uid] else { return running[uid].map(Job.stop) }
        if let record = running[uid] {
            return record.needsRevival ? .revive(record) : nil
        }
        if done.contains(uid) { return nil }
        if let phase = pod.metadata.annotations?[ManifestPlan.phaseAnnotation] { return .end(pod, phase: phase) }
        if pod.hasTerminated { return nil }
        guard let node = pod.spec?.nodeName else { return .place(pod) }
        return nodes.contains(node) ? .start(pod, node: node) : nil
    }

    /// A node for a pod that names none; nil when none fits.
    func place(_ pod: Pod) -> String? {
        let node = scheduler.place(pod)
        placed[Self.uid(pod)] = node
        return node
    }

    /// A job is done; `record` is what runs now, nil when nothing does.
    func finished(_ uid: String, _ record: PodRecord?, isFinal: Bool = false) {
        busy.remove(uid)
        running[uid] = record
        failures[uid] = nil
        if isFinal { done.insert(uid) }
        if wanted[uid] == nil, record != nil { queue.append(uid) }
    }

    /// A job failed and is tried again later.
    ///
    /// Returns how often it has failed now.
    func failed(_ uid: String, _ message: String) -> Int {
        busy.remove(uid)
        let count = (failures[uid]?.count ?? 0) + 1
        let pause = Duration.milliseconds(min(50 << min(count, 6), 2000))
        failures[uid] = Failure(count: count, message: message, retryAt: .now + pause)
        queue.append(uid)
        return count
    }

    /// Queues the pods whose processes have ended.
    func checkProcesses() {
        for (uid, record) in running where record.needsRevival { queue.append(uid) }
    }

    // MARK: For people

    /// How many pods are as they should be, and what keeps the others.
    var summary: LabState.PodSummary {
        let settled = wanted.keys.filter { running[$0] != nil || done.contains($0) }.count
        let open = wanted.filter { running[$0.key] == nil && !done.contains($0.key) }
        let waiting = open.compactMap { uid, pod in failures[uid].map { "\(pod.key): \($0.message)" } }
        return LabState.PodSummary(wanted: wanted.count, settled: settled, waiting: Array(waiting.sorted().prefix(20)))
    }

    static func uid(_ pod: Pod) -> String { pod.metadata.uid ?? pod.key.description }
}
