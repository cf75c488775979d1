import ClusterAPI
import EmbeddedAPI
import Foundation
import TestRandom
import Testing

@Suite("The store of the embedded API", .timeLimit(.minutes(1)))
struct StoreTests {
    private static func withStore(
        history: Int = 1_000, _ body: @Sendable (ObjectStore, String) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gabion-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try ObjectStore(path: directory + "/db", historyLength: history)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            let result = await Result.of { try await body(store, directory) }
            store.stopWriting()
            try await group.waitForAll()
            try store.close()
            try result.get()
        }
    }

    private static func key(_ name: String) -> StoreKey { StoreKey(resource: "things", namespace: "n", name: name) }
    private static func thing(_ name: String, _ value: Int64) -> JSONValue {
        ["metadata": ["name": .string(name), "namespace": "n", "uid": .string("u-" + name)], "value": .int(value)]
    }

    @Test("concurrent increments of one object are all counted: writes are decided one after the other")
    func serialisesWrites() async throws {
        try await Self.withStore { store, _ in
            let key = Self.key("counter")
            _ = try await store.write { _ in .commit([.put(key, Self.thing("counter", 0))]) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        _ = try await store.write { view in
                            let value = try view[key]?.document["value"]?.int ?? 0
                            return .commit([.put(key, Self.thing("counter", value + 1))])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try store.object(key)?.document["value"]?.int == 300)
            #expect(store.revision == 301)
        }
    }

    @Test("a write that is refused changes nothing, and the others of its batch go through")
    func isolatesRefusals() async throws {
        struct Refusal: Error {}
        try await Self.withStore { store, _ in
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let written = try? await store.write { _ in
                            if number % 2 == 0 { throw Refusal() }
                            let name = "t\(number)"
                            return .commit([.put(Self.key(name), Self.thing(name, 1))])
                        }
                        return written != nil
                    }
                }
                #expect(await group.reduce(0) { $0 + ($1 ? 1 : 0) } == 50)
            }
            #expect(store.list("things", namespace: nil).objects.count == 50)
        }
    }

    @Test("older states are listed as they were, as far as the history reaches", arguments: [1, 2])
    func listsThePast(seed: UInt64) async throws {
        try await Self.withStore(history: 40) { store, _ in
            var past: [UInt64: [String: Int64]] = [:]
            var model: [String: Int64] = [:]
            var random = SeededGenerator(seed: seed)
            for step in 0..<200 {
                let name = "t\(Int.random(in: 0..<12, using: &random))"
                if Bool.random(using: &random), model[name] != nil {
                    model[name] = nil
                    _ = try await store.write { _ in .commit([.delete(Self.key(name))]) }
                } else {
                    model[name] = Int64(step)
                    _ = try await store.write { _ in .commit([.put(Self.key(name), Self.thing(name, Int64(step)))]) }
                }
                past[store.revision] = model
            }
            var known = 0
            for (revision, expected) in past {
                guard let list = store.list("things", namespace: "n", at: revision) else { continue }
                known += 1
                var seen: [String: Int64] = [:]
                for object in list.objects { seen[object.key.name] = try object.document["value"]?.int }
                #expect(seen == expected)
                #expect(list.objects.map(\.key) == list.objects.map(\.key).sorted())
            }
            #expect(known == 41)
        }
    }

    @Test("events after any kept revision lead from that state to the present one")
    func replaysHistory() async throws {
        try await Self.withStore { store, _ in
            for step in 0..<60 {
                let key = Self.key("t\(step % 7)")
                if step % 5 == 4 {
                    _ = try await store.write { _ in .commit([.delete(key)]) }
                } else {
                    _ = try await store.write { _ in .commit([.put(key, Self.thing(key.name, Int64(step)))]) }
                }
            }
            for revision in [0, 10, 30, store.revision] {
                guard let start = store.list("things", namespace: nil, at: revision),
                    case .events(let events, let end) = store.events(of: "things", after: revision)
                else {
                    Issue.record("revision \(revision) is not kept")
                    continue
                }
                var state = Dictionary(uniqueKeysWithValues: start.objects.map { ($0.key, $0.revision) })
                for event in events {
                    state[event.object.key] = event.kind == .deleted ? nil : event.revision
                }
                let present = store.list("things", namespace: nil).objects.map { ($0.key, $0.revision) }
                #expect(state == Dictionary(uniqueKeysWithValues: present))
                #expect(end == store.revision)
            }
        }
    }

    @Test("revisions go on after a restart, also when the last change was a deletion")
    func keepsRevisions() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gabion-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for round in 0..<3 {
            let store = try ObjectStore(path: directory + "/db", historyLength: 10)
            #expect(store.revision == UInt64(round * 2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await store.run() }
                _ = try await store.write { _ in .commit([.put(Self.key("a"), Self.thing("a", 1))]) }
                _ = try await store.write { _ in .commit([.delete(Self.key("a"))]) }
                store.stopWriting()
                try await group.waitForAll()
            }
            try store.close()
        }
    }

    @Test("a second process cannot open the file, and is told why")
    func locksTheFile() async throws {
        try await Self.withStore { _, directory in
            #expect(throws: StoreError.self) { try ObjectStore(path: directory + "/db", historyLength: 1) }
        }
    }

    @Test("after the end of the writer, writes are refused and do not hang")
    func refusesLateWrites() async throws {
        try await Self.withStore { store, _ in
            store.stopWriting()
            await #expect(throws: StoreError.self) {
                try await store.write { _ in .commit([.put(Self.key("a"), Self.thing("a", 1))]) }
            }
        }
    }
}
