import ClusterAPI
import NodeAgent
import Testing

@Suite("what an agent says about its Node")
struct NodeConditionsTests {
    private static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(microsecondsSince1970: 1_800_000_000_000_000 + seconds * 1_000_000)
    }

    private static func status(isReady: Bool, _ reason: String? = nil) -> AgentStatus {
        var status = AgentStatus(node: "n1")
        status.isReady = isReady
        status.reason = reason
        return status
    }

    /// A mutating call cannot stand in an expectation.
    private final class Speaker {
        private var conditions = NodeConditions()

        func due(_ status: AgentStatus, present: [NodeCondition]?, at now: Timestamp) -> [NodeCondition]? {
            conditions.due(status, present: present, at: now)
        }
    }

    private func statuses(_ conditions: [NodeCondition]?) -> [String]? {
        conditions?.map { "\($0.type)=\($0.status)" }
    }

    @Test("is written once, again when it changes, and when somebody else wrote over it")
    func writes() throws {
        let conditions = Speaker()
        let ready = Self.status(isReady: true)
        let first = try #require(conditions.due(ready, present: [], at: Self.time(0)))
        #expect(statuses(first) == ["NetworkUnavailable=False", "GabionReady=True"])
        // The watch has not shown it yet; if it never does, it is sent again.
        #expect(conditions.due(ready, present: [], at: Self.time(1)) == nil)
        #expect(conditions.due(ready, present: [], at: Self.time(2)) != nil)
        let other = NodeCondition(type: "Ready", status: "True")
        #expect(conditions.due(ready, present: first + [other], at: Self.time(3)) == nil)
        var overwritten = first
        overwritten[0].status = "True"
        overwritten[0].reason = "NoRouteCreated"
        #expect(statuses(conditions.due(ready, present: overwritten, at: Self.time(10))) == statuses(first))
        #expect(conditions.due(ready, present: [], at: Self.time(20)) != nil)
        let broken = Self.status(isReady: false, "no")
        #expect(
            statuses(conditions.due(broken, present: first, at: Self.time(20)))
                == ["NetworkUnavailable=True", "GabionReady=False"])
    }

    @Test("has the time of the last change of the status, not of the reason or the message")
    func transitions() throws {
        let conditions = Speaker()
        let first = try #require(
            conditions.due(Self.status(isReady: false, "a"), present: [], at: Self.time(0)))
        let second = try #require(
            conditions.due(Self.status(isReady: false, "b"), present: first, at: Self.time(5)))
        #expect(second.map(\.message) == ["b", "b"])
        #expect(second.map(\.lastTransitionTime) == first.map(\.lastTransitionTime))
        #expect(second.allSatisfy { $0.lastHeartbeatTime == Self.time(5).seconds })
        let third = try #require(conditions.due(Self.status(isReady: true), present: second, at: Self.time(9)))
        #expect(third.allSatisfy { $0.lastTransitionTime == Self.time(9).seconds })
    }

    @Test("has a heartbeat every five minutes, also after a restart")
    func heartbeats() throws {
        let conditions = Speaker()
        let ready = Self.status(isReady: true)
        let first = try #require(conditions.due(ready, present: [], at: Self.time(0)))
        #expect(conditions.due(ready, present: first, at: Self.time(299)) == nil)
        let second = try #require(conditions.due(ready, present: first, at: Self.time(300)))
        #expect(second.map(\.lastTransitionTime) == first.map(\.lastTransitionTime))
        let fresh = Speaker()
        #expect(fresh.due(ready, present: second, at: Self.time(400)) == nil)
        #expect(fresh.due(ready, present: second, at: Self.time(700)) != nil)
    }

    @Test("is not written to a Node that is not there")
    func noNode() {
        let conditions = Speaker()
        #expect(conditions.due(Self.status(isReady: true), present: nil, at: Self.time(0)) == nil)
    }
}
