import EmbeddedAPI
import FlowLog
import Synchronization
import TestSupport
import Testing

@Suite("Renewed certificates of flows over the network", .timeLimit(.minutes(1)))
struct FlowRenewalTests {
    private struct Unreadable: Error {}

    /// What the files are; nil: not to be read.
    private final class Files: Sendable {
        let credentials = Mutex<FlowCredentials?>(nil)

        func read() throws -> FlowCredentials {
            guard let credentials = credentials.withLock({ $0 }) else { throw Unreadable() }
            return credentials
        }
    }

    @Test("another certificate and another authority count for the next connections, and broken ones for none")
    func renewed() async throws {
        let directory = try TemporaryDirectory()
        let next = try CertificateAuthority.loadOrMake(dataDirectory: directory.path)
        let files = Files()
        try await FlowNetwork.with(renewal: { try files.read() }) { network in
            let old = try network.admin()
            let new = network.client(
                try network.credentials("admin", [Identity.mastersGroup], by: next, trusting: next))
            // Nothing that can be read, and what does not fit together: what was read before stays.
            for broken in [nil, FlowCredentials(certificate: [1], key: [2], authority: [3])] {
                files.credentials.withLock { $0 = broken }
                try await Task.sleep(for: .milliseconds(1_100))
                #expect(await FlowNetwork.failure(old) == nil)
                #expect(await FlowNetwork.failure(new) != nil)
            }
            let renewed = try network.credentials("system:node:one", [Identity.nodesGroup], by: next, trusting: next)
            files.credentials.withLock { $0 = renewed }
            try await eventually("the new authority's clients are answered") {
                await FlowNetwork.failure(new) == nil
            }
            #expect(await FlowNetwork.failure(old) != nil)
        }
    }
}
