/// A set with a name.
///
/// Its elements must have the definition's types; ranges need the flag `interval`.
package struct NamedSet: Hashable, Sendable {
    package var definition: SetDefinition
    package var elements: Set<ElementKey>

    package init(definition: SetDefinition, elements: Set<ElementKey> = []) {
        self.definition = definition
        self.elements = elements
    }

    package init(
        _ key: DataType..., flags: SetDefinition.Flags = [], timeout: UInt64? = nil, size: UInt32? = nil,
        elements: Set<ElementKey> = []
    ) {
        self.init(definition: SetDefinition(key: key, flags: flags, timeout: timeout, size: size), elements: elements)
    }
}
