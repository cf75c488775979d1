package import ClusterAPI
package import NetworkTypes

/// One end of a flow: an address, and who had it when the flow began.
package struct FlowEndpoint: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case pod
        case node
        /// Neither a pod's address nor a node's.
        case external
    }

    package var address: IPAddress
    /// Nil for protocols without ports.
    package var port: UInt16?
    package var kind: Kind
    /// A pod's.
    package var namespace: String?
    package var pod: String?
    package var labels: [String: String]?
    /// The node's name: of a node itself, or of the one that a pod runs on.
    package var node: String?
    /// The network zone, where zones are in use.
    package var zone: String?
    /// Of a host outside, the domain names for which the client was told this address; nil where there are none.
    package var names: [String]?

    package init(address: IPAddress, port: UInt16? = nil, kind: Kind = .external) {
        self.address = address
        self.port = port
        self.kind = kind
    }

    package init(address: IPAddress, pod key: ObjectKey, labels: [String: String], node: String? = nil) {
        self.init(address: address, kind: .pod)
        namespace = key.namespace
        pod = key.name
        self.labels = labels
        self.node = node
    }

    /// `namespace/pod`, `node NAME`, or the address.
    package var name: String {
        switch kind {
        case .pod: "\(namespace ?? "")/\(pod ?? "")"
        case .node: node.map { $0.isEmpty ? "\(address)" : "node \($0)" } ?? "\(address)"
        case .external: "\(address)"
        }
    }
}
