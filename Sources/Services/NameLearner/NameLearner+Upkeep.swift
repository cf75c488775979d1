import ConntrackDriver
import EgressNames
import LinuxSystem
import Logging
import NameLearning
import Synchronization

extension NameLearner {
    /// Ends what is over, unless a connection uses it.
    func keepTime() async {
        var rounds = 0
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            rounds += 1
            let now = Host.secondsSinceBoot
            let (isDue, clients) = state.withLock { state in
                state.tidy(at: now)
                return (rounds % 5 == 0 && state.gate.names.isDue(at: now), state.gate.clients)
            }
            guard isDue else { continue }
            do {
                let conntrack = conntrack
                let uses = try await DedicatedThread.run { try conntrack.uses(of: clients) }
                state.withLock { $0.expire(at: now, uses: uses) }
            } catch {
                logger.error("nothing ends: it is not known what is in use", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Whoever stands still, or has a thread that does, must not hold answers back for ever.
    func keepAwake() async {
        var last = Host.secondsSinceBoot
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let now = Host.secondsSinceBoot
            // A round waits one second for packets.
            guard now < lastRound.load(ordering: .relaxed) + 3 else { continue }
            do {
                try path.stayAwake()
                if (now - last) * 1000 > NamePath.vigil {
                    state.withLock { $0.lapse() }
                    logger.warning(
                        "stood still: answers went to pods directly and opened nothing",
                        metadata: ["seconds": "\(now - last)"])
                }
                last = now
            } catch {
                // No table any more: it is put right in a moment.
                logger.debug("answers do not pass by here", metadata: ["error": "\(error)"])
            }
        }
    }

    func keepPath() async {
        while (try? await Task.sleep(for: .seconds(3))) != nil {
            let (clients, servers) = state.withLock { ($0.clients, $0.servers) }
            do {
                try await path.repair(clients: clients, servers: servers)
            } catch {
                logger.error("the way of answers cannot be put right", metadata: ["error": "\(error)"])
            }
        }
    }

    func keepStatus() async {
        var last: NameStatus?
        repeat {
            let status = state.withLock { NameStatus($0) }
            guard status != last else { continue }
            do {
                try status.write(to: files.status)
                last = status
            } catch {
                logger.error("\(files.status) cannot be written", metadata: ["error": "\(error)"])
            }
        } while (try? await Task.sleep(for: .seconds(1))) != nil
    }
}
