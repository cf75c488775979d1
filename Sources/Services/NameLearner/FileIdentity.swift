import FoundationEssentials

/// Tells a file from the one that takes its place; nil when there is none.
struct FileIdentity: Hashable, Sendable {
    private let number: UInt64
    private let size: UInt64
    private let time: Date

    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let time = attributes[.modificationDate] as? Date
        else { return nil }
        number = (attributes[.systemFileNumber] as? UInt64) ?? UInt64((attributes[.systemFileNumber] as? Int) ?? 0)
        size = (attributes[.size] as? UInt64) ?? UInt64((attributes[.size] as? Int) ?? 0)
        self.time = time
    }
}
