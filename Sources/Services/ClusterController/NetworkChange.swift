import ClusterAPI

/// What the annotation `pod.network.openshift.io/multitenant.change-network` of a NetNamespace asks for.
enum NetworkChange: Hashable, Sendable {
    /// VNID 0: to reach, and be reached by, every project.
    case global
    /// The VNID of another project.
    case join(String)
    /// A VNID of its own.
    case isolate
    /// Nothing that we know.
    case unknown(String)

    static let annotation = "pod.network.openshift.io/multitenant.change-network"

    init(_ text: String) {
        switch text {
        case "global": self = .global
        case "isolate": self = .isolate
        default:
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            self =
                parts.count == 2 && parts[0] == "join" && !parts[1].isEmpty ? .join(String(parts[1])) : .unknown(text)
        }
    }
}

extension NetNamespace {
    /// The change that is asked for; nil if none is.
    var change: NetworkChange? { metadata.annotations?[NetworkChange.annotation].map { NetworkChange($0) } }

    /// The same with another id, and without the request.
    func moved(to id: UInt32) -> NetNamespace {
        var moved = self
        moved.netid = id
        moved.metadata.annotations?[NetworkChange.annotation] = nil
        return moved
    }

    /// The merge patch that does both at once, if the stored object is still this version.
    ///
    /// One write: whoever waits for the request to go finds the new id, and nobody sees the one without the other.
    var move: JSONValue {
        var metadata: JSONValue = ["annotations": [NetworkChange.annotation: .null]]
        if let version = self.metadata.resourceVersion { metadata["resourceVersion"] = .string(version) }
        return ["metadata": metadata, "netid": .int(Int64(netid))]
    }
}
