import ClusterAPI

extension CellContent {
    func podText(of cell: TableCell) -> String {
        switch cell {
        case .podReady:
            let ready = runningStatuses.count { $0["ready"]?.bool == true }
            return "\(ready)/\((object["spec"]?["containers"]?.array ?? []).count + sidecarNames.count)"
        case .podStatus: return podStatus
        case .podAddress: return first(".status.podIPs[0].ip") ?? first(".status.podIP") ?? "<none>"
        default: return podReadinessGates
        }
    }

    private var sidecarNames: Set<String> {
        let sidecars = (object["spec"]?["initContainers"]?.array ?? []).filter {
            $0["restartPolicy"]?.string == "Always"
        }
        return Set(sidecars.compactMap { $0["name"]?.string })
    }

    private var initStatuses: [JSONValue] { object["status"]?["initContainerStatuses"]?.array ?? [] }
    private var statuses: [JSONValue] { object["status"]?["containerStatuses"]?.array ?? [] }

    private var runningStatuses: [JSONValue] {
        initStatuses.filter { sidecarNames.contains($0["name"]?.string ?? "") } + statuses
    }

    /// The phase, or the more telling reason of a container, or that the pod is going away.
    private var podStatus: String {
        var reason = first(".status.reason") ?? first(".status.phase") ?? ""
        let pending = initProblem
        if let pending {
            reason = pending
        } else {
            for status in statuses.reversed() { reason = Self.containerReason(status) ?? reason }
            let isRunning = statuses.contains { $0["state"]?["running"] != nil && $0["ready"]?.bool == true }
            if reason == "Completed", isRunning {
                let isReady = first(".status.conditions[?(@.type==\"Ready\")].status") == "True"
                reason = isReady ? "Running" : "NotReady"
            }
        }
        guard object["metadata"]?["deletionTimestamp"]?.string != nil else { return reason }
        if first(".status.reason") == "NodeLost" { return "Unknown" }
        return ["Succeeded", "Failed"].contains(first(".status.phase")) ? reason : "Terminating"
    }

    private static func containerReason(_ status: JSONValue) -> String? {
        if let waiting = status["state"]?["waiting"]?["reason"]?.string, !waiting.isEmpty { return waiting }
        guard let ended = status["state"]?["terminated"] else { return nil }
        if let reason = ended["reason"]?.string, !reason.isEmpty { return reason }
        if let signal = ended["signal"]?.int, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(ended["exitCode"]?.int ?? 0)"
    }

    /// `Init:1/2`, `Init:Error` while init containers have not all succeeded.
    private var initProblem: String? {
        let total = object["spec"]?["initContainers"]?.array?.count ?? 0
        for (index, status) in initStatuses.enumerated() {
            let ended = status["state"]?["terminated"]
            if ended?["exitCode"]?.int == 0 { continue }
            if sidecarNames.contains(status["name"]?.string ?? ""), status["started"]?.bool == true { continue }
            if ended != nil { return "Init:" + (Self.containerReason(status) ?? "Error") }
            let waiting = status["state"]?["waiting"]?["reason"]?.string ?? ""
            if !waiting.isEmpty, waiting != "PodInitializing" { return "Init:" + waiting }
            return "Init:\(index)/\(total)"
        }
        return nil
    }

    var podRestarts: JSONValue {
        var restarts: Int64 = 0
        var last: APITime?
        for status in runningStatuses {
            restarts += status["restartCount"]?.int ?? 0
            let ended = status["lastState"]?["terminated"]?["finishedAt"]?.string.flatMap(APITime.init)
            if let ended { last = max(last ?? ended, ended) }
        }
        guard restarts > 0, let last else { return .string(String(restarts)) }
        return .string("\(restarts) (\(AgeText.age(since: last, now: now)) ago)")
    }

    private var podReadinessGates: String {
        let gates = object["spec"]?["readinessGates"]?.array ?? []
        if gates.isEmpty { return "<none>" }
        let conditions = object["status"]?["conditions"]?.array ?? []
        let met = gates.count { gate in
            conditions.contains { $0["type"] == gate["conditionType"] && $0["status"]?.string == "True" }
        }
        return "\(met)/\(gates.count)"
    }
}
