import ClusterAPI
import DNSFormats
import EgressNames
import NameMessages
import NetworkTypes
import PacketHeaders

extension AnswerGate {
    /// A packet of a server to a pod, as the pod is to get it.
    package mutating func judge(_ bytes: [UInt8], at now: UInt64) -> GateVerdict {
        guard let packet = IPPacket(bytes), !packet.destination.isMulticast else { return GateVerdict() }
        guard let pod = clients[packet.destination] else { return GateVerdict(passing: [bytes]) }
        guard let whole = fragments.take(packet, bytes, at: now) else { return GateVerdict() }
        switch packet.ipProtocol {
        case 6: return judge(segment: whole, packet, pod, at: now)
        case 17: return judge(datagram: whole, packet, pod, at: now)
        default: return GateVerdict(passing: whole.packets)
        }
    }

    private mutating func judge(
        datagram whole: FragmentBuffer.Whole, _ packet: IPPacket, _ pod: ObjectKey, at now: UInt64
    ) -> GateVerdict {
        guard let datagram = UDPDatagram(whole.payload) else { return drop(.unreadable) }
        guard datagram.sourcePort == Self.port else { return GateVerdict(passing: whole.packets) }
        let bytes = Array(datagram.data)
        guard let head = try? DNSMessage(decodingQuestionOf: bytes), head.header.isResponse else {
            return drop(.unreadable)
        }
        let key = PutQuestions.Key(
            client: NameEnd(address: packet.destination, port: datagram.destinationPort),
            server: NameEnd(address: packet.source, port: Self.port), number: head.header.id)
        // Some servers leave the question out when they do not answer it.
        let isMute = head.questions.isEmpty && head.code != .noError
        guard isMute || !head.questions.isEmpty, let entry = questions.take(key, answering: head.questions.first) else {
            if questions.hasQuestion(key) { return drop(.otherQuestion) }
            guard isForgiven(head, pod, at: now) else { return drop(.unsolicited) }
            return pass(whole.packets)
        }
        guard let put = entry.put else { return pass(whole.packets) }
        guard let lesson = names.learn(from: bytes, of: packet.source, to: put, at: now), lesson.isAnswer else {
            names.abandon(put.id)
            return drop(.otherQuestion)
        }
        return pass(whole.packets, after: [lesson], of: pod)
    }

    private func isForgiven(_ head: DNSMessage, _ pod: ObjectKey, at now: UInt64) -> Bool {
        guard let since = pods[pod]?.since, now < since + Self.youth else { return false }
        return !head.questions.contains { names.mentions($0.name, by: pod) }
    }

    /// Who speaks TCP with a server is answered by it and nobody else: what it says is believed by the question that it repeats.
    private mutating func judge(
        segment whole: FragmentBuffer.Whole, _ packet: IPPacket, _ pod: ObjectKey, at now: UInt64
    ) -> GateVerdict {
        guard let segment = TCPSegment(whole.payload) else { return drop(.unreadable) }
        guard segment.sourcePort == Self.port else { return GateVerdict(passing: whole.packets) }
        let key = AnswerStreams.Key(
            client: NameEnd(address: packet.destination, port: segment.destinationPort),
            server: NameEnd(address: packet.source, port: segment.sourcePort))
        switch streams.take(segment, key, at: now) {
        case nil:
            tally.count(.unfollowed)
            return GateVerdict(passing: whole.packets)
        case .gap?: return drop(.gap)
        case .pass(let messages)?:
            let lessons = messages.compactMap { learn($0, of: packet.source, for: pod, at: now) }
            return messages.isEmpty
                ? GateVerdict(passing: whole.packets) : pass(whole.packets, after: lessons, of: pod)
        }
    }

    private mutating func learn(
        _ bytes: [UInt8], of server: IPAddress, for pod: ObjectKey, at now: UInt64
    ) -> NameLesson? {
        guard let head = try? DNSMessage(decodingQuestionOf: bytes), let put = put(head, by: pod, to: server) else {
            return nil
        }
        let lesson = names.learn(from: bytes, of: server, to: put, at: now)
        if lesson?.isAnswer != true { names.abandon(put.id) }
        return lesson
    }

    private mutating func pass(
        _ packets: [[UInt8]], after lessons: [NameLesson] = [], of pod: ObjectKey? = nil
    ) -> GateVerdict {
        tally.answers += 1
        if let pod { for refusal in lessons.flatMap(\.refusals) { tally.refuse(refusal, by: pod) } }
        return GateVerdict(passing: packets, after: lessons)
    }

    private mutating func drop(_ reason: GateTally.Drop) -> GateVerdict {
        tally.count(reason)
        return GateVerdict()
    }
}
