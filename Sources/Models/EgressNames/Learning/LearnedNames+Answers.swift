package import ClusterAPI
package import NetworkTypes

/// What an answer came to.
package struct NameLesson: Hashable, Sendable {
    /// What must be in the kernel's sets before the pod has the answer.
    package internal(set) var delta = NameSetDelta()
    /// What was learned, or told again for longer: for a journal.
    package internal(set) var news: [LearnedAddress] = []
    /// What was not believed or not kept, each once.
    package internal(set) var refusals: [NameRefusal] = []
    /// False if it is no answer to the question, which stays open: it must not reach the pod.
    package internal(set) var isAnswer = true

    package init() {}
}

extension LearnedNames {
    /// A question is asked for a pod; its answer is waited for until `learn` or `abandon`.
    ///
    /// - Throws: `NameRefusal`: the pod asks too much at once.
    package mutating func ask(
        _ question: NameQuestion, for client: ObjectKey, of server: IPAddress
    ) throws(NameRefusal) -> QuestionID {
        guard questions.count(of: client) < limits.questionsPerClient else {
            throw .tooManyQuestions(client: client, limit: limits.questionsPerClient)
        }
        return questions.ask(.init(client: client, question: question, server: server))
    }

    /// Whether the policies of a pod mention a name.
    package func mentions(_ name: DomainName, by client: ObjectKey) -> Bool {
        clients[client]?.index.matches(name).isEmpty == false
    }

    /// Nobody answered.
    package mutating func abandon(_ id: QuestionID) { questions.close(id) }

    /// Learns from the answer to a question that was asked for a pod: the addresses of those names on its way that the pod's own
    /// policies mention.
    package mutating func learn(_ answer: NameAnswer, to id: QuestionID, at now: UInt64) -> NameLesson {
        var lesson = NameLesson()
        guard let asked = questions[id] else { return Self.refused(.unsolicited(answer.question)) }
        guard answer.server == asked.server else {
            return Self.refused(.otherServer(asked: asked.server, answered: answer.server))
        }
        guard answer.question == asked.question else {
            return Self.refused(.otherQuestion(asked: asked.question, answered: answer.question))
        }
        questions.close(id)
        let chain = AliasChain(answer)
        lesson.refusals = chain.refusals
        let index = clients[asked.client]?.index ?? NameIndex()
        for (name, life) in chain.names where !index.matches(name).isEmpty {
            for (address, ownLife) in chain.addresses {
                let deadline = now + limits.kept(min(life, ownLife))
                lesson.enter(
                    LearnedAddress(client: asked.client, name: name, address: address, deadline: deadline), into: &self)
            }
        }
        return lesson
    }

    /// What an earlier process wrote down; what has ended, or is about names that its pod's policies do not mention, is left out.
    ///
    /// After `mention` of all pods.
    ///
    /// - Parameter uses: the connections of pods on this node that last.
    package mutating func restore(_ entries: [LearnedAddress], at now: UInt64, uses: Set<NameUse>) -> NameLesson {
        var lesson = NameLesson()
        for entry in entries {
            let isUsed = uses.contains(NameUse(client: entry.client, address: entry.address))
            guard entry.deadline > now || isUsed, clients[entry.client]?.index.matches(entry.name).isEmpty == false
            else {
                continue
            }
            // The clock may be another one's: nothing lasts longer than if it were told now.
            let deadline = min(entry.deadline, now + limits.kept(.max))
            lesson.enter(
                LearnedAddress(client: entry.client, name: entry.name, address: entry.address, deadline: deadline),
                into: &self)
        }
        return lesson
    }

    private static func refused(_ refusal: NameRefusal) -> NameLesson {
        var lesson = NameLesson()
        lesson.refusals = [refusal]
        lesson.isAnswer = false
        return lesson
    }
}

extension NameLesson {
    fileprivate mutating func enter(_ entry: LearnedAddress, into names: inout LearnedNames) {
        do throws(NameRefusal) {
            guard names.bounds.allow(entry.address, for: entry.name) else {
                throw .forbiddenAddress(entry.name, entry.address)
            }
            if try names.keep(entry, &delta) { news.append(entry) }
        } catch {
            if !refusals.contains(error) { refusals.append(error) }
        }
    }
}
