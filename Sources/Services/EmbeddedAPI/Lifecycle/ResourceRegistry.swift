package import APIMachinery
import ClusterAPI
import NIOCore
import Synchronization

/// The kinds that are served at this moment, and the documents that describe them.
package final class ResourceRegistry: Sendable {
    static let definitions = "customresourcedefinitions.apiextensions.k8s.io"

    private struct State {
        var catalogue: ResourceCatalogue
        /// Documents that are made once per catalogue, by name.
        var documents: [String: ByteBuffer] = [:]
    }

    private let state: Mutex<State>

    package init() { state = Mutex(State(catalogue: ResourceCatalogue())) }

    package var catalogue: ResourceCatalogue { state.withLock(\.catalogue) }

    /// Serves what the stored definitions declare.
    ///
    /// Throws what `ResourceCatalogue.register` throws.
    func load(_ definitions: some Sequence<StoredObject>) throws {
        var catalogue = ResourceCatalogue()
        for definition in definitions { try catalogue.register(crd: definition.document) }
        state.withLock { $0 = State(catalogue: catalogue) }
    }

    /// Refuses a definition that could not be served beside what is served now.
    func check(_ definition: JSONValue) throws(APIStatus) {
        var copy = catalogue
        try copy.register(crd: definition)
    }

    /// Follows committed changes of CustomResourceDefinitions.
    ///
    /// Definitions were checked before they were stored; two that collide in one batch leave the first.
    func follow(_ events: [StoreEvent]) {
        for event in events where event.object.key.resource == Self.definitions {
            guard let document = try? event.object.document else { continue }
            state.withLock { state in
                if event.kind == .deleted {
                    state.catalogue.unregister(crdName: event.object.key.name)
                } else {
                    _ = try? state.catalogue.register(crd: document)
                }
                state.documents = [:]
            }
        }
    }

    /// A document about the catalogue, made when it is first asked for.
    func document(_ name: String, make: (ResourceCatalogue) -> [UInt8]?) -> ByteBuffer? {
        let (known, catalogue) = state.withLock { ($0.documents[name], $0.catalogue) }
        if let known { return known }
        guard let bytes = make(catalogue) else { return nil }
        let buffer = ByteBuffer(bytes: bytes)
        state.withLock { state in
            if state.catalogue.resources == catalogue.resources { state.documents[name] = buffer }
        }
        return buffer
    }
}
