import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// Traffic among pods that must go on, and a pod that must stay out.
struct Load: Sendable {
    let pods: [RealPod]
    let stranger: RealPod
    private let conversations: [(name: String, conversation: Conversation)]

    /// A conversation from each pod to each.
    init(pods: [RealPod], stranger: RealPod) throws {
        self.pods = pods
        self.stranger = stranger
        conversations = try pods.flatMap { from in
            try pods.map { ("\(from.name) to \($0.name)", try Conversation(from: from.network, to: $0.address)) }
        }
    }

    /// How many pods the stranger gets into.
    var strangers: Int {
        pods.count { (try? connects(stranger.network, $0.address, within: .milliseconds(150))) == true }
    }

    /// Old connections go on, new ones begin, and the stranger stays out.
    func check(_ moment: String) {
        checkConversations(moment)
        for (from, to) in zip(pods, pods.dropFirst() + pods.prefix(1)) {
            #expect((try? connects(from.network, to.address)) == true, "\(moment): \(from.name) to \(to.name), new")
        }
        #expect(strangers == 0, "\(moment): the stranger got in")
    }

    func checkConversations(_ moment: String) {
        for (name, conversation) in conversations {
            #expect(conversation.echoes(moment, within: .seconds(2)), "\(moment): \(name), old")
        }
    }
}
