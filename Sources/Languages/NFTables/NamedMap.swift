/// A map with a name: from keys to verdicts, or to addresses and ports for address translation.
package struct NamedMap: Hashable, Sendable {
    /// What a key leads to.
    package enum Value: Hashable, Sendable {
        case verdict(Verdict)
        case data(ElementKey)
    }

    package var definition: SetDefinition
    package var elements: MapElements

    package init(definition: SetDefinition, elements: MapElements = [:]) {
        self.definition = definition
        self.elements = elements
    }

    /// A verdict map.
    package init(
        _ key: DataType..., flags: SetDefinition.Flags = [], verdicts: [ElementKey: Verdict] = [:]
    ) {
        definition = SetDefinition(key: key, data: .verdict, flags: flags)
        elements = MapElements(verdicts.mapValues { .verdict($0) })
    }

    /// A map to data, such as `ipv4_addr . inet_service : ipv4_addr . inet_service`.
    package init(
        _ key: DataType..., to data: [DataType], flags: SetDefinition.Flags = [],
        elements: [ElementKey: ElementKey] = [:]
    ) {
        definition = SetDefinition(key: key, data: .values(data), flags: flags)
        self.elements = MapElements(elements.mapValues { .data($0) })
    }
}
