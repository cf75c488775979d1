import NFTables
import NetworkTypes
import NodeModel
import ServiceModel

extension DatapathCompiler {
    /// One frontend: its elements, and the chain that only it needed.
    mutating func compileService(_ frontend: ServiceFrontend, _ state: NodeState, _ delta: inout DatapathDelta) {
        let old = services[frontend]
        let new = state.services[frontend].map { ServiceElements(frontend, $0) }
        guard old != new else { return }
        services[frontend] = new
        if let memory = new?.memory, memory != old?.memory { setMemory(memory, exists: true, &delta) }
        if let memory = old?.memory, memory != new?.memory { setMemory(memory, exists: false, &delta) }
        if let chain = new?.chain { retain(chain.chain, chain.name, &delta) }
        if let sourceGuard = new?.sourceGuard { retain(sourceGuard, &delta) }
        for (map, elements) in old?.elements ?? [:] {
            for key in elements.keys where new?.elements[map]?[key] == nil { setElement(nil, at: key, of: map, &delta) }
        }
        for (map, elements) in new?.elements ?? [:] {
            for (key, value) in elements where old?.elements[map]?[key] != value {
                setElement(value, at: key, of: map, &delta)
            }
        }
        if let sourceGuard = old?.sourceGuard { release(sourceGuard, &delta) }
        if let chain = old?.chain { release(chain.name, &delta) }
    }

    private mutating func retain(_ sourceGuard: SourceGuard, _ delta: inout DatapathDelta) {
        retain(sourceGuard.chain, sourceGuard.name, &delta)
        let set = sourceGuard.set
        sourceSetUsers[set, default: 0] += 1
        guard sourceSetUsers[set] == 1 else { return }
        datapath.table.sets[set] = sourceGuard.networks
        delta.changeSet(set)
    }

    private mutating func release(_ sourceGuard: SourceGuard, _ delta: inout DatapathDelta) {
        release(sourceGuard.name, &delta)
        let set = sourceGuard.set
        guard let users = sourceSetUsers[set] else { return }
        sourceSetUsers[set] = users > 1 ? users - 1 : nil
        guard users == 1 else { return }
        datapath.table.sets[set] = nil
        delta.changeSet(set)
    }

    mutating func setElement(
        _ value: NamedMap.Value?, at key: ElementKey, of map: Name, _ delta: inout DatapathDelta
    ) {
        datapath.table.maps[map]?.elements[key] = value
        delta.changeElement(key, of: map)
    }

    private mutating func setMemory(_ name: Name, exists: Bool, _ delta: inout DatapathDelta) {
        datapath.table.maps[name] =
            exists ? NamedMap(definition: ServiceAffinity.definition([.sourceAddress(.v6)])) : nil
        delta.maps.insert(name)
    }

    /// A pod that a service leads back to itself: its address as both source and destination.
    mutating func setHairpin(_ address: IPAddress, _ delta: inout DatapathDelta) {
        let name = KernelNames.hairpins(address.family)
        let key = ElementKey(.address(address), .address(address))
        var change = ElementDelta()
        if holders[address] == nil {
            guard datapath.table.sets[name]?.elements.remove(key) != nil else { return }
            change.removed = [key]
        } else {
            guard datapath.table.sets[name]?.elements.insert(key).inserted == true else { return }
            change.added = [key]
        }
        delta.changeElements(of: name, change)
    }

    /// The maps that frontends have elements in; packets fill those of affinity.
    static func serviceMaps(_ family: IPAddress.Family) -> [Name: NamedMap] {
        var maps = [KernelNames.anyNodePortMap(family): NamedMap(key: ServiceScope.nodePort.types(family), .verdict)]
        for scope in ServiceScope.allCases {
            let key = scope.types(family)
            let backend = SetDefinition.MapData.values([.address(family), .inetService])
            maps[KernelNames.serviceMap(scope, family)] = NamedMap(key: key, .verdict)
            maps[KernelNames.endpointMap(scope, family)] = NamedMap(key: key + [.mark], backend)
            maps[KernelNames.choiceMap(scope, family)] = NamedMap(key: key + [.mark], .values([.mark]))
            guard family == .v4 else { continue }
            maps[KernelNames.affinityMap(scope)] = NamedMap(
                definition: ServiceAffinity.definition([.sourceAddress(family)] + scope.key(family)))
        }
        return maps
    }
}

extension ServiceScope {
    fileprivate func types(_ family: IPAddress.Family) -> [DataType] { key(family).map(\.type) }
}

extension NamedMap {
    fileprivate init(key: [DataType], _ data: SetDefinition.MapData) {
        self.init(definition: SetDefinition(key: key, data: data))
    }
}
