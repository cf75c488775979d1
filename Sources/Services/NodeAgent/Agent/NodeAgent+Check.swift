import DatapathCompiler
import LinkState
import NFTables
package import NodeModel

/// Somebody who asks whether the kernel still has what was applied for an interface.
struct KernelQuestion {
    let attachment: PodAttachment
    /// Nil: nobody looked in time.
    let continuation: CheckedContinuation<[String]?, Never>
}

extension NodeAgent {
    package func faults(of attachment: PodAttachment) async throws(AttachmentError) -> [String] {
        try await attach(attachment)
        let number = nextWaiter
        nextWaiter += 1
        let deadline = configuration.attachDeadline
        let faults = await withTaskGroup(of: [String]?.self) { group in
            group.addTask { await self.answer(number, attachment) }
            group.addTask {
                try? await Task.sleep(for: deadline)
                await self.giveUp(number)
                return nil
            }
            let answer = await group.next() ?? nil
            group.cancelAll()
            return answer
        }
        guard let faults else { throw .notConfirmed(pod: attachment.pod, lastFailure: lastFailure) }
        return faults
    }

    private func answer(_ number: UInt64, _ attachment: PodAttachment) async -> [String]? {
        await withCheckedContinuation { continuation in
            questions[number] = KernelQuestion(attachment: attachment, continuation: continuation)
            wake()
        }
    }

    private func giveUp(_ number: UInt64) {
        questions.removeValue(forKey: number)?.continuation.resume(returning: nil)
    }

    /// At the beginning of a pass, when the kernel should be exactly what was applied last; the pass mends the rest.
    func answerQuestions() async {
        guard !questions.isEmpty, let applied else { return }
        let asked = questions
        questions = [:]
        let differences: Differences
        do {
            differences = Differences(
                transactions: try await transactions(to: applied),
                links: try await kernel.linkChanges(to: applied.links).map(\.description))
        } catch {
            for question in asked.values {
                question.continuation.resume(returning: ["the kernel cannot be looked at: \(error)"])
            }
            return
        }
        if !differences.isEmpty { needsObservation = true }
        for question in asked.values {
            question.continuation.resume(returning: differences.concerning(question.attachment))
        }
    }
}

/// What would bring the kernel back to what was applied.
private struct Differences {
    let transactions: [Transaction]
    let links: [String]

    /// So many are told.
    private static let limit = 5

    var isEmpty: Bool { transactions.allSatisfy(\.isEmpty) && links.isEmpty }

    /// Those that are about this pod: its interface's, its own elements, and all of the rules, which pods share.
    func concerning(_ attachment: PodAttachment) -> [String] {
        var own = Set(attachment.addresses.map { ElementValue.address($0) })
        if let name = InterfacePattern(attachment.interface) { own.insert(.interface(name)) }
        let rules = transactions.flatMap { transaction in
            let operations = transaction.operations.filter { Self.concerns(own, $0) }
            return Transaction(transaction.family, transaction.table, operations).lines
        }
        let devices = [attachment.interface, KernelNames.queue(of: attachment.interface)]
        let all = rules + links.filter { link in devices.contains { link.contains($0) } }
        return all.prefix(Self.limit).map { "to be mended: \($0.prefix(200))" }
            + (all.count > Self.limit ? ["and \(all.count - Self.limit) more"] : [])
    }

    private static func concerns(_ own: Set<ElementValue>, _ operation: Transaction.Operation) -> Bool {
        switch operation {
        case .addElements(let set, _, let elements), .deleteElements(let set, _, let elements):
            !KernelNames.isPerPod(set) || elements.contains { !own.isDisjoint(with: $0.key.values) }
        default: true
        }
    }
}
