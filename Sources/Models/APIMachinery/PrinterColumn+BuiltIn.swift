/// The columns of the built-in kinds as `kubectl get` shows them (kubernetes `pkg/printers/internalversion`), without
/// the name, which is always first.
extension [PrinterColumn] {
    private static let age = PrinterColumn("Age", type: "date", value: .path(".metadata.creationTimestamp"))

    private static func cell(_ name: String, _ cell: TableCell, type: String = "string", wide: Bool = false)
        -> PrinterColumn
    {
        PrinterColumn(name, type: type, priority: wide ? 1 : 0, value: .computed(cell))
    }

    private static func path(_ name: String, _ path: String, type: String = "string", wide: Bool = false)
        -> PrinterColumn
    {
        PrinterColumn(name, type: type, priority: wide ? 1 : 0, value: .path(path))
    }

    static let ageOnly = [age]
    static let namespaces = [path("Status", ".status.phase"), age]
    static let nodes = [
        cell("Status", .nodeStatus), cell("Roles", .nodeRoles), age, path("Version", ".status.nodeInfo.kubeletVersion"),
        cell("Internal-IP", .nodeAddress("InternalIP"), wide: true),
        cell("External-IP", .nodeAddress("ExternalIP"), wide: true),
        cell("OS-Image", .orUnknown(".status.nodeInfo.osImage"), wide: true),
        cell("Kernel-Version", .orUnknown(".status.nodeInfo.kernelVersion"), wide: true),
        cell("Container-Runtime", .orUnknown(".status.nodeInfo.containerRuntimeVersion"), wide: true),
    ]
    static let pods = [
        cell("Ready", .podReady), cell("Status", .podStatus), cell("Restarts", .podRestarts), age,
        cell("IP", .podAddress, wide: true), cell("Node", .orNone(".spec.nodeName"), wide: true),
        cell("Nominated Node", .orNone(".status.nominatedNodeName"), wide: true),
        cell("Readiness Gates", .podReadinessGates, wide: true),
    ]
    static let services = [
        path("Type", ".spec.type"), cell("Cluster-IP", .orNone(".spec.clusterIP")),
        cell("External-IP", .serviceExternalAddress), cell("Port(s)", .servicePorts), age,
        cell("Selector", .labelPairs(".spec.selector"), wide: true),
    ]
    static let endpoints = [cell("Endpoints", .endpoints), age]
    static let configMaps = [cell("Data", .count([".data", ".binaryData"])), age]
    static let secrets = [path("Type", ".type"), cell("Data", .count([".data"])), age]
    static let serviceAccounts = [cell("Secrets", .count([".secrets"])), age]
    static let events = [
        cell("Last Seen", .eventLastSeen), path("Type", ".type"), path("Reason", ".reason"),
        cell("Object", .eventObject), path("Subobject", ".involvedObject.fieldPath", wide: true),
        cell("Source", .eventSource, wide: true), cell("Message", .eventMessage),
        cell("First Seen", .eventFirstSeen, wide: true), cell("Count", .eventCount, wide: true),
        PrinterColumn("Name", format: "name", priority: 1, value: .path(".metadata.name")),
    ]
    static let networkPolicies = [cell("Pod-Selector", .labelSelector(".spec.podSelector")), age]
    static let ingresses = [
        cell("Class", .orNone(".spec.ingressClassName")), cell("Hosts", .ingressHosts),
        cell("Address", .ingressAddresses), cell("Ports", .ingressPorts), age,
    ]
    static let ingressClasses = [
        path("Controller", ".spec.controller"), cell("Parameters", .ingressClassParameters), age,
    ]
    static let endpointSlices = [
        path("AddressType", ".addressType"), cell("Ports", .slicePorts), cell("Endpoints", .sliceEndpoints), age,
    ]
    static let leases = [path("Holder", ".spec.holderIdentity"), age]
    static let customResourceDefinitions = [
        PrinterColumn("Created At", type: "date", value: .computed(.creationTime))
    ]
    static let clusterNetworks = [
        cell("Cluster Network", .clusterNetworks), cell("Host Subnet Length", .hostSubnetLengths),
        path("Service Network", ".serviceNetwork"), path("Plugin Name", ".pluginName"),
    ]
    static let hostSubnets = [
        path("Host", ".host"), cell("Host IP", .joined(".hostIPs", or: ".hostIP")),
        cell("Subnet", .joined(".subnets", or: ".subnet")), cell("Egress CIDRs", .list(".egressCIDRs")),
        cell("Egress IPs", .list(".egressIPs")),
    ]
    static let netNamespaces = [
        path("NetID", ".netid", type: "integer"), cell("Egress IPs", .list(".egressIPs")),
    ]
    static let routes = [
        path("Host/Port", ".spec.host"), path("Path", ".spec.path"), path("Services", ".spec.to.name"),
        path("Port", ".spec.port.targetPort"), path("Termination", ".spec.tls.termination"), age,
    ]
    static let prioritized = [path("Priority", ".spec.priority"), age]
    static let tiered = [path("Tier", ".spec.tier"), path("Priority", ".spec.priority"), age]
    static let zones = [
        path("Order", ".spec.order", type: "integer"), path("External", ".spec.external"),
        cell("Holes", .count([".spec.holes"]), type: "integer"), path("Pods", ".status.pods", type: "integer"),
        path("Ready", ".status.conditions[?(@.type==\"Ready\")].status"),
        cell("Namespaces", .labelSelector(".spec.namespaceSelector"), wide: true),
        cell("Nodes", .labelSelector(".spec.nodeSelector"), wide: true),
        cell("CIDRs", .joined(".spec.cidrs", or: ".spec.cidrs"), wide: true), age,
    ]
    static let stagedPolicies = [
        path("Kind", ".spec.policy.kind"), path("Policy", ".spec.policy.metadata.name"), path("Action", ".spec.action"),
        path("Ready", ".status.conditions[?(@.type==\"Ready\")].status"), age,
    ]
    static let externalIPPolicies = [
        cell("Allowed", .joined(".spec.allowedCIDRs", or: ".spec.allowedCIDRs")),
        cell("Rejected", .joined(".spec.rejectedCIDRs", or: ".spec.rejectedCIDRs")),
        cell("Auto-Assign", .joined(".spec.autoAssignCIDRs", or: ".spec.autoAssignCIDRs")),
        path("Assigned", ".status.assigned", type: "integer"),
        path("Ready", ".status.conditions[?(@.type==\"Ready\")].status"), age,
    ]
    static let failoverGroups = [
        cell("Addresses", .joined(".spec.addresses", or: ".spec.addresses")),
        path("Holders", ".status.addresses[*].node"),
        path("Ready", ".status.conditions[?(@.type==\"Ready\")].status"), age,
    ]
    static let metadataAccesses = [path("Reason", ".spec.reason"), age]
    static let egressGateways = [
        path("Ports", ".spec.ports[*].port"), path("Pods", ".status.gateways[*].pod"),
        path("Ready", ".status.conditions[?(@.type==\"Ready\")].status"), age,
    ]
    static let egressFirewalls = [path("EgressFirewall Status", ".status.status"), age]
    static let egressIPs = [
        path("EgressIPs", ".spec.egressIPs[*]"), path("Assigned Node", ".status.items[*].node"),
        path("Assigned EgressIPs", ".status.items[*].egressIP"),
    ]
    static let egressNodes = [
        cell("Addresses", .joined(".spec.addresses", or: ".spec.addresses")),
        path("Held", ".status.held[*].address"), cell("Silent To", .list(".status.silentTo")),
        cell("Witnesses", .list(".spec.witnesses"), wide: true), age,
    ]
}
