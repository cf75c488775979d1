import CLinux
import LinuxSystem
import NFTables

/// How a message names a set: by name, and by number if the batch itself makes it.
struct KernelSetReference {
    let name: String
    var id: UInt32?
}

extension KernelBatch {
    enum Change: String {
        case addition = "add"
        case deletion = "delete"
    }

    /// An attribute's length has 16 bits, and an element takes some hundred bytes at most.
    private static let greatestList = 32 << 10
    private static let headerLength = 16

    /// False if one of the elements must go by text.
    mutating func append(
        _ elements: [Transaction.Element], _ change: Change, _ set: KernelSetReference, _ definition: SetDefinition
    ) -> Bool {
        var rest = elements[...]
        while !rest.isEmpty {
            var message =
                change == .addition ? message(NFT_MSG_NEWSETELEM, NLM_F_CREATE) : message(NFT_MSG_DELSETELEM, 0)
            message.payload.put(NFTA_SET_ELEM_LIST_SET.rawValue, text: set.name)
            if let id = set.id { message.payload.put(NFTA_SET_ELEM_LIST_SET_ID.rawValue, bigEndian: id) }
            let place = "\(transaction.family.rawValue) \(transaction.table) \(set.name)"
            var part = Part(command: "\(change.rawValue) element \(place)")
            let start = message.payload.bytes.count
            var isWhole = true
            message.payload.nest(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) { writer in
                while let element = rest.first, writer.bytes.count - start < Self.greatestList {
                    guard let encoded = KernelElement.encode(element, definition) else {
                        isWhole = false
                        return
                    }
                    part.elements.append((Self.headerLength + writer.bytes.count, { element.text }))
                    for kernelElement in encoded { kernelElement.write(to: &writer) }
                    rest = rest.dropFirst()
                }
            }
            guard isWhole else { return false }
            append(message, part)
        }
        return true
    }
}
