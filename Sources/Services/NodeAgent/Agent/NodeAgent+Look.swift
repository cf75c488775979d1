import DatapathCompiler
import Logging
import NFTables

extension NodeAgent {
    /// Compares the kernel with what was applied, whenever somebody asks for it.
    ///
    /// Beside the passes: a table of 10,000 services takes a while to read, and a change does not wait for that. Only when
    /// something differs the next pass starts from an observation of its own.
    func lookLoop() async {
        for await _ in looks { await look() }
    }

    private func look() async {
        // Where changes never cease, passes wait after so many.
        for _ in 0..<4 {
            // The next pass observes by itself.
            guard let applied, !needsObservation else { return wake() }
            let start = isChangingKernel ? nil : kernelChanges
            var isSame = false
            do {
                isSame = try await isAsApplied(applied)
            } catch {
                logger.warning("the kernel cannot be looked at", metadata: ["error": "\(error)"])
                break
            }
            counters.observations += 1
            if isSame { return }
            // Else what was found may be changes of our own.
            if start == kernelChanges { break }
        }
        needsObservation = true
        wake()
    }

    private func isAsApplied(_ applied: Datapath) async throws -> Bool {
        guard try await kernel.localAddresses() == localAddresses else { return false }
        if let endpoint = measuredEndpoint {
            let mtu = try await kernel.underlayMTU(endpoint: endpoint, interface: configuration.underlayInterface)
            guard mtu == measuredMTU else { return false }
        }
        guard try await transactions(to: applied).allSatisfy(\.isEmpty) else { return false }
        return try await kernel.linkChanges(to: applied.links).isEmpty
    }
}
