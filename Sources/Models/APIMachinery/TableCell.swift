/// A cell of `kubectl get` that is more than one field of the object.
package enum TableCell: Hashable, Sendable {
    case podReady, podStatus, podRestarts, podAddress, podReadinessGates
    case nodeStatus, nodeRoles
    /// The first address of a type, or `<none>`.
    case nodeAddress(String)
    case servicePorts, serviceExternalAddress
    case endpoints, slicePorts, sliceEndpoints
    case eventLastSeen, eventFirstSeen, eventObject, eventSource, eventMessage, eventCount
    case ingressHosts, ingressAddresses, ingressPorts, ingressClassParameters
    case clusterNetworks, hostSubnetLengths
    /// The creation time as a date, not as an age.
    case creationTime
    /// A path's text, `<none>` when empty.
    case orNone(String)
    /// A path's text, `<unknown>` when empty.
    case orUnknown(String)
    /// The elements of an array, comma-separated, or of the second path when the first is absent.
    case joined(String, or: String)
    /// The elements of an array as OpenShift prints them: `["a","b"]`.
    case list(String)
    /// `a=b,c=d` of a map, `<none>` when empty.
    case labelPairs(String)
    /// A label selector, `<none>` when empty.
    case labelSelector(String)
    /// How many members the maps or arrays have together.
    case count([String])
}
