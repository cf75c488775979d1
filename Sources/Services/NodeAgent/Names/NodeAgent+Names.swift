import ClusterAPI
import DatapathCompiler
import EgressNames
import Logging
import NFTables
import NetworkTypes
import NodeModel

/// Names in policies: what is to be learned is ordered, what was learned is followed.
extension NodeAgent {
    /// Hears of what was learned, as long as somebody mentions names.
    func nameLoop() async {
        while !Task.isCancelled {
            // Orders that could not be written are tried again.
            if followNames() || orderFailure != nil { wake() }
            do { try await Task.sleep(for: configuration.nameInterval) } catch { return }
        }
    }

    /// Brings the model up to what the journal says; true if there was something new.
    ///
    /// Before every judgement: an address is in the journal before a pod hears of it, and a connection to it is never one that the
    /// agent has not heard of.
    @discardableResult
    func followNames() -> Bool {
        // A fresh agent does not know yet who mentions what.
        guard let names, applied == nil || !model.state.mentions.isEmpty else { return false }
        do {
            let news = try names.news()
            // Another file tells everything anew.
            if news.lines.first == .begin { lineFailure = nil }
            if let fault = news.fault {
                if lineFailure == nil { complain(fault) }
                lineFailure = fault
            }
            nameFailure = nil
            guard !news.lines.isEmpty else { return false }
            model.follow(news.lines)
            return true
        } catch {
            if nameFailure == nil { complain("\(error)") }
            nameFailure = "\(error)"
            return false
        }
    }

    private func complain(_ fault: String) {
        logger.error(
            "what was learned of names cannot be followed: connections to new addresses may be ended",
            metadata: ["error": "\(fault)"])
    }

    /// Says what is to be learned, where that is another than what was said last; after the kernel has the sets.
    func orderNames() {
        guard let names else { return }
        if !hasReadOrders {
            ordered = names.lastOrders()
            hasReadOrders = true
        }
        let last = ordered
        var orders = currentOrders
        // Who never mentioned a name needs nobody to learn any.
        guard last != nil || !orders.pods.isEmpty else { return }
        if let last, last.asksSame(as: orders), !hasNewNameSets { return }
        orders.revision = (last?.revision ?? 0) + 1
        do {
            try names.order(orders)
            ordered = orders
            hasNewNameSets = false
            orderFailure = nil
        } catch {
            if orderFailure == nil {
                logger.error("names cannot be ordered to be learned", metadata: ["error": "\(error)"])
            }
            orderFailure = "\(error)"
            hasNewNameSets = true
        }
    }

    /// What keeps the agent from ordering names, or from hearing of what was learned.
    var nameFailures: [String] {
        [
            orderFailure.map { "they are not learned as policies say now: \($0)" },
            (nameFailure ?? lineFailure).map { "what was learned is not heard of: \($0)" },
        ].compactMap(\.self)
    }

    private var currentOrders: NameOrders {
        let state = model.state
        guard !state.mentions.isEmpty else { return NameOrders() }
        var addresses: [ObjectKey: Set<IPAddress>] = [:]
        for pod in state.pods.values where pod.policy != nil {
            addresses[pod.attachment.pod, default: []].formUnion(pod.attachment.addresses)
        }
        let pods = state.mentions.compactMap { key, selectors in
            addresses[key].map { NameOrders.Pod(key: key, addresses: $0.sorted(), selectors: selectors) }
        }
        let nodes = (state.node?.hostAddresses ?? []) + state.remoteNodes.flatMap(\.hostAddresses)
        return NameOrders(
            sets: compiler.nameSets, pods: pods.sorted { $0.key < $1.key },
            bounds: NameBounds(
                clusterRanges: state.clusterRanges + Set(nodes).sorted().map { CIDR(host: $0) },
                serviceRanges: state.serviceRanges, zone: configuration.clusterZone),
            nameServers: Set(model.nameServers + configuration.nameServers).sorted())
    }

    /// Sets that were made anew have what the agent knew, and the one who learns may know more.
    func noteNameSets(in transaction: Transaction) {
        hasNewNameSets =
            hasNewNameSets
            || transaction.operations.contains { operation in
                if case .addSet(let name, _) = operation { KernelNames.isOfNames(name) } else { false }
            }
    }
}
