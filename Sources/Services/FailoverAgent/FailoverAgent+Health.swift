import ClusterAPI
import FailoverCompiler
import FailoverModel
import FoundationEssentials
import KeepalivedDriver
import KubernetesClient
import LinuxSystem
import Logging

extension FailoverAgent {
    /// Asks what groups want to be asked, each at its own pace, until the task is cancelled.
    func checkHealth() async {
        var next: [String: ContinuousClock.Instant] = [:]
        await withDiscardingTaskGroup { tasks in
            while !Task.isCancelled {
                do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
                let checks = local.checks.compactMapValues(\.http)
                next = next.filter { checks[$0.key] != nil }
                for (group, check) in checks where (next[group] ?? .now) <= .now {
                    let interval = Duration.milliseconds(check.intervalMilliseconds ?? Self.checkMilliseconds)
                    next[group] = .now + interval
                    tasks.addTask {
                        // An answer that takes longer than the next question is none.
                        let isWell = await HTTPProbe.isWell(check, within: interval)
                        await self.note(isWell, of: group, check)
                    }
                }
            }
        }
    }

    static var checkMilliseconds: Int { 500 }

    private func note(_ isWell: Bool, of group: String, _ check: FailoverHTTPCheck) {
        httpHealth[group, default: HealthCount()].note(isWell, threshold: check.threshold ?? 2)
        writeHealth()
    }

    /// Nil while that is not known.
    private func isWell(_ group: String, _ check: FailoverHealthCheck) -> Bool? {
        var answers: [Bool?] = []
        if let service = check.service { answers.append(knowledge.isReady(service.key, on: node)) }
        if check.http != nil { answers.append(httpHealth[group]?.verdict) }
        if answers.isEmpty || answers.contains(false) { return false }
        return answers.contains(nil) ? nil : true
    }

    /// What is not known is not well, but to a keepalived that goes on from before us: it has our predecessor's word.
    private func hasWord(of group: String) -> Bool {
        keepalived.isRunning && FileManager.default.fileExists(atPath: files.health(of: group))
    }

    /// keepalived reads the files as soon as they are written.
    func writeHealth() {
        for group in writtenHealth.keys where local.checks[group] == nil {
            writtenHealth[group] = nil
            httpHealth[group] = nil
        }
        for (name, check) in local.checks {
            let known = isWell(name, check)
            if known == nil, writtenHealth[name] != nil || hasWord(of: name) { continue }
            let isWell = known ?? false
            guard writtenHealth[name] != isWell else { continue }
            do {
                try OwnedDescriptor.open(files.health(of: name), for: .overwrite).write(
                    Array((isWell ? "0\n" : "1\n").utf8))
                tell(isWell, of: name, isFirst: writtenHealth[name] == nil)
                writtenHealth[name] = isWell
            } catch {
                logger.error(
                    "what is well cannot be written", metadata: ["group": "\(name)", "error": "\(error)"])
            }
        }
    }

    private func tell(_ isWell: Bool, of name: String, isFirst: Bool) {
        guard let group = knowledge.groups[name], !(isFirst && isWell) else { return }
        if isWell {
            recorder.record(
                .normal, about: group, reason: "HealthCheckPassed", message: "node \(node) may hold the addresses")
        } else if !isFirst {
            recorder.record(
                .warning, about: group, reason: "HealthCheckFailed",
                message: "node \(node) gives up the addresses: what is behind them is not well there")
        }
    }
}
