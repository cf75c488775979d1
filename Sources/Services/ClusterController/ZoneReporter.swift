import ClusterAPI
import KubernetesClient
import Logging
import PolicyEngine

/// Writes into the status of every zone who is in it, and what is wrong with it.
actor ZoneReporter {
    private let client: KubernetesClient
    private let logger: Logger
    private var engine = PolicyEngine(input: .live)
    private var zones: [String: Zone] = [:]
    private var census = ZoneCensus()
    private var synced: Set<String> = []
    private nonisolated let bell = StatusBell()

    init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(Zone.self) }
            group.addTask { await self.follow(Namespace.self) }
            group.addTask { await self.follow(Node.self) }
            group.addTask { await self.follow(Pod.self) }
            group.addTask { await self.bell.answer { await self.report() } }
        }
    }

    private func follow<Object: CountedObject>(_ type: Object.Type) async {
        await client.follow(type, mayBeMissing: type == Zone.self, ringing: bell) { changes, isComplete in
            for change in changes {
                switch change {
                case .entered(let object): enter(object)
                case .left(let key): leave(type, key)
                // What was known of it stays.
                case .unreadable: continue
                }
            }
            if isComplete { synced.insert(type.resource.kind) }
        }
    }

    private func enter<Object: CountedObject>(_ object: Object) {
        object.enter(&engine, &census)
        if let zone = object as? Zone { zones[zone.key.name] = zone }
    }

    private func leave<Object: CountedObject>(_ type: Object.Type, _ key: ObjectKey) {
        type.leave(key, &engine, &census)
        if type == Zone.self { zones[key.name] = nil }
    }

    /// True when every status that had to be written was written.
    private func report() async -> Bool {
        guard synced.count == 4 else { return true }
        let now = Timestamp.now()
        engine.setTime(now)
        var round = StatusRound(logger: logger)
        for (name, zone) in zones.sorted(by: { $0.key < $1.key }) {
            let status = ZoneStatus(of: zone, engine, census, at: now)
            guard status != zone.status else { continue }
            await round.write("Zone \(name)") {
                let patch = Patch.merge(["status": status.document])
                zones[name] = try await client.patch(Zone.self, name, with: patch, subresource: "status")
            }
        }
        return round.isDone
    }
}

/// Objects by which members are counted.
private protocol CountedObject: APIObject {
    func enter(_ engine: inout PolicyEngine, _ census: inout ZoneCensus)
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine, _ census: inout ZoneCensus)
}

extension Zone: CountedObject {
    fileprivate func enter(_ engine: inout PolicyEngine, _ census: inout ZoneCensus) { engine.upsert(self) }
    fileprivate static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        engine.removeZone(key.name)
    }
}

extension Namespace: CountedObject {
    fileprivate func enter(_ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        engine.upsert(self)
        census.namespaces.insert(key.name)
    }

    fileprivate static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        engine.removeNamespace(key.name)
        census.namespaces.remove(key.name)
    }
}

extension Node: CountedObject {
    fileprivate func enter(_ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        engine.upsert(self)
        census.nodes.insert(key.name)
    }

    fileprivate static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        engine.removeNode(key.name)
        census.nodes.remove(key.name)
    }
}

/// Only how many there are of each namespace matters: the engine is spared the pods.
extension Pod: CountedObject {
    fileprivate func enter(_ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        census.pods[key] = isHostNetwork || hasTerminated ? nil : key.namespace
    }

    fileprivate static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine, _ census: inout ZoneCensus) {
        census.pods[key] = nil
    }
}
