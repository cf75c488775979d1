import CLinux
import LinuxSystem
package import NFTables

extension NFTablesDriver {
    /// Makes all changes of elements, or none and throws; the kernel has done it on return.
    ///
    /// For threads that wait for nothing else: unlike `apply` it runs no program and suspends nobody.
    package func applyElements(_ transaction: Transaction) throws {
        if transaction.isEmpty { return }
        guard transaction.changesOnlyElements, let batch = KernelBatch(transaction) else {
            throw NFTablesError.refused(
                transaction.family, transaction.table, command: transaction.lines.first,
                reason: "this cannot be said by netlink alone")
        }
        try channel.apply(batch)
    }

    /// The elements of one set; nil when there is no such set.
    package func elements(
        of set: Name, _ definition: SetDefinition, in table: Name, _ family: Table.Family
    ) throws -> Set<ElementKey>? {
        let reader = KernelTableReader(channel: readingChannel, family: family, table: table)
        for _ in 0..<5 {
            do {
                return try reader.elements(of: set, definition)
            } catch let error as NetlinkError where error.number == .notFound {
                return nil
            } catch let error as NetlinkError where error.number == .busy {
                // Somebody committed meanwhile.
                continue
            } catch let error as NetlinkError {
                throw NFTablesError.cannotList(family, table, "the set \(set): \(error)")
            }
        }
        throw NFTablesError.cannotList(family, table, "the set \(set) changes all the time")
    }
}

extension KernelTableReader {
    fileprivate func elements(of set: Name, _ definition: SetDefinition) throws -> Set<ElementKey> {
        var question = question(NFT_MSG_GETSETELEM, NFTA_SET_ELEM_LIST_TABLE)
        question.payload.put(NFTA_SET_ELEM_LIST_SET.rawValue, text: set.text)
        var found: [KernelElement] = []
        try dump(question, NFTA_SET_ELEM_LIST_TABLE) { attributes in
            guard let list = attributes[NFTA_SET_ELEM_LIST_ELEMENTS.rawValue] else { return }
            found += list.attributes.compactMap { KernelElement($0.value.attributes, dataTypes: nil) }
        }
        guard let elements = KernelElement.decode(found, definition) else {
            throw NFTablesError.cannotList(family, table, "the set \(set) is of another type")
        }
        return Set(elements.map(\.key))
    }
}
