package import NetworkTypes

/// Gives namespaces their network ids: 0 for `default`, 1 to 9 for nobody, then upwards from 10, so that an id that was
/// freed is given again only after all others.
package struct NetIDAllocator: Hashable, Sendable {
    private var ids: [String: VNID] = [:]
    /// How many namespaces have an id: joined projects share one.
    private var uses: [VNID: Int] = [:]
    private var next = VNID.firstForProjects.value

    /// `used` are the ids that exist; the pointer starts behind the highest.
    package init(used: [String: VNID] = [:]) {
        for (namespace, id) in used { markUsed(id, by: namespace) }
        next = uses.keys.max().map { max($0.value + 1, VNID.firstForProjects.value) } ?? next
    }

    package func id(of namespace: String) -> VNID? { ids[namespace] }

    /// Starts again from the ids that exist now, without moving the pointer.
    package mutating func replaceUsed(_ used: [String: VNID]) {
        ids = [:]
        uses = [:]
        for (namespace, id) in used { markUsed(id, by: namespace) }
    }

    /// Records the id that a namespace has.
    package mutating func markUsed(_ id: VNID, by namespace: String) {
        guard ids[namespace] != id else { return }
        release(namespace)
        ids[namespace] = id
        uses[id, default: 0] += 1
    }

    /// True if others have the same id.
    package func isShared(_ namespace: String) -> Bool {
        ids[namespace].map { (uses[$0] ?? 0) > 1 } ?? false
    }

    /// The id of a namespace; a new one if it has none.
    ///
    /// `reserved` are ids that look free and are not: what has left them may still be there.
    package mutating func allocate(
        for namespace: String, except reserved: Set<VNID> = []
    ) throws(AllocationError) -> VNID {
        if let id = ids[namespace] { return id }
        guard namespace != "default" else {
            markUsed(.global, by: namespace)
            return .global
        }
        let first = VNID.firstForProjects.value
        let count = VNID.last.value - first + 1
        for step in 0..<min(count, UInt32(uses.count + reserved.count) + 1) {
            let value = first + (next - first + step) % count
            if let id = VNID(value), uses[id] == nil, !reserved.contains(id) {
                next = value + 1
                markUsed(id, by: namespace)
                return id
            }
        }
        throw .netIDsExhausted(used: uses.count)
    }

    /// The namespace is gone.
    ///
    /// Its id is free when nobody else has it.
    package mutating func release(_ namespace: String) {
        guard let id = ids.removeValue(forKey: namespace), let count = uses[id] else { return }
        uses[id] = count > 1 ? count - 1 : nil
    }
}
