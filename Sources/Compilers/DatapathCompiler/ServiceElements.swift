import NFTables
import NetworkTypes
import ServiceModel

/// What one frontend has in the maps of services.
///
/// A connection picks a number below the count of backends. Without affinity the number itself leads to the backend; with
/// affinity it leads to the backend's own number first, which stays the same when other backends come and go.
struct ServiceElements: Equatable {
    /// The chain that chooses; nil if there is nothing to choose.
    let chain: ServiceChain?
    /// The chain before it; nil if everybody may come.
    let sourceGuard: SourceGuard?
    /// By map and key.
    private(set) var elements: [Name: [ElementKey: NamedMap.Value]] = [:]
    /// The map of clients that only this frontend has.
    private(set) var memory: Name?

    init(_ frontend: ServiceFrontend, _ target: ServiceTarget) {
        let scope = ServiceScope(frontend.place)
        let family = frontend.family
        let count = UInt32(clamping: target.backends.count)
        chain =
            count > 0 && count <= ServiceMarks.choices
            ? ServiceChain(
                scope: scope, family: family, count: count, affinity: ServiceAffinity(frontend, target)) : nil
        if let affinity = chain?.affinity, affinity.owner != nil { memory = affinity.memory(scope, family) }
        let next = chain?.name ?? KernelNames.unservedService
        sourceGuard = target.sourceRanges.map { SourceGuard(family: family, ranges: $0, next: next) }
        let verdict = Verdict.goto(sourceGuard?.name ?? next)
        let key = ElementKey(frontend)
        elements[KernelNames.serviceMap(scope, family)] = [key: .verdict(verdict)]
        if scope == .nodePort, !target.dependsOnNode {
            elements[KernelNames.anyNodePortMap(family)] = [key: .verdict(verdict)]
        }
        guard let chain else { return }
        let numbers = Self.numbers(of: target)
        for (index, backend) in target.backends.enumerated() {
            let choice = ServiceMarks.firstChoice + UInt32(index)
            elements[KernelNames.endpointMap(scope, family), default: [:]][key.with(mark: numbers[index])] = .data(
                ElementKey(.address(backend.address), .port(backend.port)))
            guard chain.affinity != nil else { continue }
            elements[KernelNames.choiceMap(scope, family), default: [:]][key.with(mark: choice)] = .data(
                ElementKey(.mark(numbers[index])))
        }
    }

    /// A number for each backend: its place, or where clients must find it again, one made of its address and port.
    private static func numbers(of target: ServiceTarget) -> [UInt32] {
        guard target.affinitySeconds != nil else {
            return target.backends.indices.map { ServiceMarks.firstChoice + UInt32($0) }
        }
        var taken: Set<UInt32> = []
        return target.backends.map { backend in
            var number = UInt32(truncatingIfNeeded: backend.description.utf8.fnv1a) % ServiceMarks.choices
            while !taken.insert(number).inserted { number = (number + 1) % ServiceMarks.choices }
            return ServiceMarks.firstChoice + number
        }
    }
}

extension ElementKey {
    fileprivate init(_ frontend: ServiceFrontend) {
        let transport = ElementValue.transport(frontend.transport, frontend.family)
        switch frontend.place {
        case .address(let address), .inside(let address): self.init(.address(address), transport, .port(frontend.port))
        case .nodes: self.init(transport, .port(frontend.port))
        }
    }

    fileprivate func with(mark: UInt32) -> ElementKey { ElementKey(values + [.mark(mark)]) ?? self }
}
