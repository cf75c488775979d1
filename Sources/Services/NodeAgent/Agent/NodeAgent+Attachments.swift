import ClusterAPI
import DatapathCompiler
package import NodeModel

/// Somebody who waits for a pass to have brought an interface where it should be.
struct Waiter {
    /// Nil: the interface must be gone.
    let attachment: PodAttachment?
    let interface: String
    let continuation: CheckedContinuation<Bool, Never>
}

extension NodeAgent: DatapathPort {
    package var nodeNetwork: NodeNetwork? { applied == nil ? nil : model.state.node }

    package func attach(_ attachment: PodAttachment) async throws(AttachmentError) {
        if let blindness, compiler.pod(on: attachment.interface)?.attachment != attachment {
            throw .notReady(pod: attachment.pod, reason: blindness)
        }
        model.attach(attachment)
        // Its interface may have been made anew, with or without what was on it.
        if failedInterfaces[attachment.interface] != nil { needsObservation = true }
        guard await wait(for: attachment, attachment.interface) else { throw reason(attachment) }
    }

    package func detach(_ attachment: PodAttachment) async throws(AttachmentError) {
        guard model.currentAttachments[attachment.interface] != nil else { return }
        model.detach(interface: attachment.interface)
        // Without a first pass the kernel still has what an earlier agent made; the first pass leaves this out.
        guard applied != nil else { return }
        guard await wait(for: nil, attachment.interface) else {
            throw .detachNotConfirmed(
                containerID: attachment.containerID, interface: attachment.interface, lastFailure: lastFailure)
        }
    }

    package func adopt(_ attachments: [PodAttachment]) {
        for attachment in attachments { model.attach(attachment) }
        wake()
    }

    /// False when the deadline passed first.
    private func wait(for attachment: PodAttachment?, _ interface: String) async -> Bool {
        let number = nextWaiter
        nextWaiter += 1
        let deadline = configuration.attachDeadline
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await self.confirmation(number, attachment, interface) }
            group.addTask {
                try? await Task.sleep(for: deadline)
                await self.expire(number)
                return nil
            }
            var isConfirmed = false
            for await answer in group {
                guard let answer else { continue }
                isConfirmed = answer
                group.cancelAll()
            }
            return isConfirmed
        }
    }

    private func confirmation(_ number: UInt64, _ attachment: PodAttachment?, _ interface: String) async -> Bool {
        await withCheckedContinuation { continuation in
            waiters[number] = Waiter(attachment: attachment, interface: interface, continuation: continuation)
            wake()
        }
    }

    private func expire(_ number: UInt64) {
        waiters.removeValue(forKey: number)?.continuation.resume(returning: false)
    }

    /// After a pass: tells those whose interface is where it should be.
    func confirm(hasTopology: Bool) {
        for (number, waiter) in waiters where isConfirmed(waiter, hasTopology) {
            waiters[number] = nil
            waiter.continuation.resume(returning: true)
        }
    }

    private func isConfirmed(_ waiter: Waiter, _ hasTopology: Bool) -> Bool {
        guard let attachment = waiter.attachment else {
            return compiler.pod(on: waiter.interface) == nil
        }
        guard hasTopology, let pod = compiler.pod(on: attachment.interface), pod.attachment == attachment else {
            return false
        }
        return pod.policy != nil && failedInterfaces[attachment.interface] == nil
    }

    private func reason(_ attachment: PodAttachment) -> AttachmentError {
        if let reason = unreadyReason, applied == nil { return .notReady(pod: attachment.pod, reason: reason) }
        if let pod = compiler.pod(on: attachment.interface), pod.policy == nil {
            if pod.admission == .closed(.namespaceUnknown) {
                let reason =
                    "the API server has not shown its namespace, so the cluster-wide policies about it are unknown"
                return .notReady(pod: attachment.pod, reason: reason)
            }
            return .podUnknown(pod: attachment.pod)
        }
        return .notConfirmed(pod: attachment.pod, lastFailure: failedInterfaces[attachment.interface] ?? lastFailure)
    }
}
