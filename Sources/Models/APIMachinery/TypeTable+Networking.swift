/// networking.k8s.io, discovery.k8s.io, coordination.k8s.io and network.openshift.io.
extension TypeTable {
    private static let networkingPackage = "io.k8s.api.networking.v1"

    static let networking = table([
        kind(networkingPackage, "NetworkPolicy", ["spec": .type("NetworkPolicySpec")]),
        type(
            networkingPackage, "NetworkPolicySpec",
            [
                "podSelector": .type("LabelSelector"), "ingress": .list("NetworkPolicyIngressRule"),
                "egress": .list("NetworkPolicyEgressRule"), "policyTypes": .texts,
            ]),
        type(
            networkingPackage, "NetworkPolicyIngressRule",
            ["ports": .list("NetworkPolicyPort"), "from": .list("NetworkPolicyPeer")]),
        type(
            networkingPackage, "NetworkPolicyEgressRule",
            ["ports": .list("NetworkPolicyPort"), "to": .list("NetworkPolicyPeer")]),
        type(networkingPackage, "NetworkPolicyPort", ["protocol": .text, "port": .intOrText, "endPort": .integer]),
        type(
            networkingPackage, "NetworkPolicyPeer",
            [
                "podSelector": .type("LabelSelector"), "namespaceSelector": .type("LabelSelector"),
                "ipBlock": .type("IPBlock"),
            ]),
        type(networkingPackage, "IPBlock", ["cidr": .text, "except": .texts]),
        kind(
            "io.k8s.api.discovery.v1", "EndpointSlice",
            ["addressType": .text, "endpoints": .list("Endpoint"), "ports": .list("EndpointPort")]),
        type(
            "io.k8s.api.discovery.v1", "Endpoint",
            [
                "addresses": .texts, "conditions": .map(.flag), "hostname": .text,
                "targetRef": .type("ObjectReference"),
                "deprecatedTopology": .map(.text), "nodeName": .text, "zone": .text, "hints": .any,
            ]),
    ])

    static let coordination = table([
        kind("io.k8s.api.coordination.v1", "Lease", ["spec": .type("LeaseSpec")]),
        type(
            "io.k8s.api.coordination.v1", "LeaseSpec",
            [
                "holderIdentity": .text, "leaseDurationSeconds": .integer, "acquireTime": .time, "renewTime": .time,
                "leaseTransitions": .integer, "strategy": .text, "preferredHolder": .text,
            ]),
    ])

    private static let openShiftPackage = "com.github.openshift.api.network.v1"

    static let openShift = table([
        kind(
            openShiftPackage, "ClusterNetwork",
            [
                "network": .text, "hostsubnetlength": .integer, "serviceNetwork": .text, "pluginName": .text,
                "clusterNetworks": .list("ClusterNetworkEntry"), "vxlanPort": .integer, "mtu": .integer,
            ]),
        type(openShiftPackage, "ClusterNetworkEntry", ["CIDR": .text, "hostSubnetLength": .integer]),
        kind(
            openShiftPackage, "HostSubnet",
            [
                "host": .text, "hostIP": .text, "subnet": .text, "egressIPs": .texts, "egressCIDRs": .texts,
                "subnets": .texts, "hostIPs": .texts,
            ]),
        kind(openShiftPackage, "NetNamespace", ["netname": .text, "netid": .integer, "egressIPs": .texts]),
    ])
}
