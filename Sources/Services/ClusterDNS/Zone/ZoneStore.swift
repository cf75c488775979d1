import DNSModel
package import NetworkTypes
import Synchronization

/// The zone as the API has it, for listeners on any thread.
package final class ZoneStore: Sendable {
    /// The collections that the zone is made of.
    enum Kind: Hashable, Sendable, CaseIterable {
        case namespaces, services, slices, pods

        /// Those that all names but pods' own depend on.
        static let essential: Set<Kind> = [.namespaces, .services, .slices]
    }

    private struct State {
        var zone: ClusterZone
        var missing = Set(Kind.allCases)

        var isComplete: Bool { missing.isDisjoint(with: Kind.essential) }
    }

    private let state: Mutex<State>
    package let origin: DomainName

    /// Nil for a domain that is too long.
    package init?(origin: DomainName) {
        guard let zone = ClusterZone(origin: origin) else { return nil }
        self.origin = origin
        state = Mutex(State(zone: zone))
    }

    /// True once all collections but the pods have been read: before, nothing is denied.
    package var isComplete: Bool { state.withLock { $0.isComplete } }

    var serial: UInt32 { state.withLock { $0.zone.serial } }

    func change(_ kind: Kind, isRead: Bool, _ body: (inout ClusterZone) -> Void) {
        state.withLock { state in
            body(&state.zone)
            state.zone.settle()
            if isRead { state.missing.remove(kind) }
        }
    }

    func lookUp(_ name: DomainName) -> ZoneAnswer {
        state.withLock { state in
            let answer = state.zone.lookUp(name)
            // What is known already may lack an endpoint, or may be gone: a restarted server tells nothing by halves.
            if answer == .foreign { return answer }
            let isTold = state.isComplete && !(state.missing.contains(.pods) && state.zone.dependsOnPods(name))
            return isTold ? answer : .unknown
        }
    }

    /// Whose an address is; nil while that cannot be told.
    func names(of address: IPAddress) -> [DomainName]? {
        state.withLock { $0.isComplete ? $0.zone.names(of: address) : nil }
    }
}
