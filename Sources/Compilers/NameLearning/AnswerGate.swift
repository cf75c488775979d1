package import ClusterAPI
import DNSFormats
package import EgressNames
import NameMessages
package import NetworkTypes
import PacketHeaders

/// Which answers go on to pods, and what they teach: packets in, packets and lessons out.
///
/// A value. Questions must be heard before their answers are judged. Time is passed in, as for `LearnedNames`.
package struct AnswerGate: Sendable {
    package static let port: UInt16 = 53
    /// A pod that is new here may have asked before anybody listened; so long its answers that nobody asked for are not held back,
    /// unless they are about names that its policies mention.
    static let youth: UInt64 = 5

    package var names: LearnedNames
    package var tally = GateTally()
    var pods: [ObjectKey: Pod] = [:]
    /// Those that mention names.
    package private(set) var clients: [IPAddress: ObjectKey] = [:]
    var questions = PutQuestions()
    var streams = AnswerStreams()
    var fragments = FragmentBuffer()

    struct Pod {
        let addresses: [IPAddress]
        let since: UInt64
    }

    package init(limits: NameLimits = NameLimits()) { names = LearnedNames(limits: limits) }

    // MARK: Orders

    /// From now on these pods mention these names; the sets in the kernel are to be made equal to `names.contents` after it.
    package mutating func obey(_ orders: NameOrders, at now: UInt64) {
        let ordered = Dictionary(orders.pods.map { ($0.key, $0) }) { first, _ in first }
        for (key, pod) in pods where ordered[key]?.addresses != pod.addresses { forget(key) }
        if orders.bounds != names.bounds { _ = names.bound(by: orders.bounds) }
        clients = [:]
        for (key, pod) in ordered {
            if pods[key] == nil { pods[key] = Pod(addresses: pod.addresses, since: now) }
            for address in pod.addresses { clients[address] = key }
            _ = names.mention(pod.selectors, by: key)
        }
    }

    /// A pod of the same name with other addresses is another one.
    private mutating func forget(_ key: ObjectKey) {
        _ = names.removeClient(key)
        questions.remove(of: key)
        pods[key] = nil
    }

    // MARK: Packets

    /// A packet of a pod to a server of names, as it left the pod.
    package mutating func hear(_ packet: [UInt8], at now: UInt64) {
        guard let packet = IPPacket(packet), packet.fragment == nil, packet.ipProtocol == 17,
            let datagram = UDPDatagram(packet.payload), datagram.destinationPort == Self.port,
            let pod = clients[packet.source], let message = try? DNSMessage(decodingQuestionOf: Array(datagram.data)),
            !message.header.isResponse, let question = message.questions.first
        else { return }
        tally.questions += 1
        let key = PutQuestions.Key(
            client: NameEnd(address: packet.source, port: datagram.sourcePort),
            server: NameEnd(address: packet.destination, port: Self.port), number: message.header.id)
        questions.add(
            .init(pod: pod, question: question, put: put(message, by: pod, to: packet.destination), since: now), key)
    }

    /// Nil for what teaches nothing.
    mutating func put(_ message: DNSMessage, by pod: ObjectKey, to server: IPAddress) -> PutQuestion? {
        makeRoom(for: pod)
        guard let question = NameQuestion(message) else { return nil }
        do throws(NameRefusal) {
            return PutQuestion(try names.ask(question, for: pod, of: server), as: message)
        } catch {
            tally.refuse(error, by: pod)
            return nil
        }
    }

    /// A pod that asks too much loses its oldest question, not the one that it waits for now.
    private mutating func makeRoom(for pod: ObjectKey) {
        let limit = names.limits.questionsPerClient
        guard questions.count(of: pod) >= limit, let oldest = questions.forgetOldest(of: pod) else { return }
        if let put = oldest.put { names.abandon(put.id) }
        tally.refuse(.tooManyQuestions(client: pod, limit: limit), by: pod)
    }

    /// Forgets what nobody waits for any more; once a second.
    package mutating func tidy(at now: UInt64) {
        for entry in questions.giveUp(before: now) { if let put = entry.put { names.abandon(put.id) } }
        streams.end(before: now)
        fragments.giveUp(before: now)
        tally.streams = streams.count
    }
}
