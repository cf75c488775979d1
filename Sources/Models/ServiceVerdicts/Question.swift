package import ClusterAPI
package import NetworkTypes
package import PolicyEngine

/// Whether a connection may be opened, asked as people ask: services and nodes by name, too.
package struct Question: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case party(Party)
        /// Only as what is connected to; the question's port is the service's.
        case service(ObjectKey)
        case node(String)
        /// Only as what is connected to: a host outside of which a pod was told that it has this name, at this address or at one
        /// that no narrower range than everything is about.
        case name(DomainName, IPAddress?)
    }

    package var from: End
    package var to: End
    package var transport: TransportProtocol
    /// The port that the client connects to; nil for ICMP.
    package var port: UInt16?

    package init(from: End, to: End, transport: TransportProtocol, port: UInt16?) {
        self.from = from
        self.to = to
        self.transport = transport
        self.port = port
    }

    package init(_ flow: Flow) {
        self.init(from: .party(flow.from), to: .party(flow.to), transport: flow.transport, port: flow.port)
    }
}

extension Question.End: CustomStringConvertible {
    package var description: String {
        switch self {
        case .party(let party): "\(party)"
        case .service(let key): "service:\(key)"
        case .node(let name): "node:\(name)"
        case .name(let name, let address):
            "dns:\(name.description.dropLast())" + (address.map { "@\($0)" } ?? "")
        }
    }
}

extension Question.End {
    /// `namespace/pod`, an address, `service:namespace/name`, `node:NAME`, `dns:NAME` or `dns:NAME@ADDRESS`; nil for anything
    /// else.
    package init?(_ text: String) {
        if let name = Self.rest(of: text, after: "service:") {
            guard let key = ObjectKey(name) else { return nil }
            self = .service(key)
        } else if let name = Self.rest(of: text, after: "node:") {
            if name.isEmpty || name.contains("/") { return nil }
            self = .node(name)
        } else if let text = Self.rest(of: text, after: "dns:") {
            let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = DomainName(parts[0]), !name.isRoot, !parts[0].contains("*") else { return nil }
            guard parts.count > 1 else {
                self = .name(name, nil)
                return
            }
            guard let address = IPAddress(parts[1]) else { return nil }
            self = .name(name, address)
        } else if let address = IPAddress(text) {
            self = .party(.address(address))
        } else {
            guard let key = ObjectKey(text) else { return nil }
            self = .party(.pod(key))
        }
    }

    /// What people may write, for messages.
    package static let forms = "namespace/pod, an IP address, service:namespace/name, node:NAME nor dns:NAME"

    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}

/// Why a question has no answer.
package struct QuestionFault: Error, Hashable, Sendable {
    package let message: String

    init(_ message: String) { self.message = message }
}
