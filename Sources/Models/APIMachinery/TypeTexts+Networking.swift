/// Policies, OpenShift's network objects, and kinds whose fields are not listed.
extension TypeTexts {
    static let networking = [
        "NetworkPolicy": TypeText(
            "What traffic the pods of a namespace may receive and send. Policies add up: a pod that some policy selects for"
                + " a direction has in that direction what at least one of them allows, and nothing else."),
        "NetworkPolicySpec": TypeText(
            "Which pods a policy is about, and what it allows them.",
            [
                "podSelector": "The pods of the policy's namespace that it is about; empty for all of them.",
                "ingress": "What the pods may receive. Empty: nothing from other pods.",
                "egress": "What the pods may send. Empty: nothing to other pods.",
                "policyTypes":
                    "The directions that the policy closes but for its rules: Ingress, Egress or both. Without it: Ingress,"
                    + " and Egress when there are egress rules.",
            ]),
        "NetworkPolicyIngressRule": TypeText(
            "Traffic that may come in: what fits both `from` and `ports`.",
            [
                "ports": "The ports of the selected pods that may be reached; empty for all.",
                "from": "Who may send; empty for everyone.",
            ]),
        "NetworkPolicyEgressRule": TypeText(
            "Traffic that may go out: what fits both `to` and `ports`.",
            [
                "ports": "The ports of the destination that may be reached; empty for all.",
                "to": "Who may be reached; empty for everyone.",
            ]),
        "NetworkPolicyPort": TypeText(
            "A port or a range of ports.",
            [
                "protocol": "TCP, UDP or SCTP; TCP when absent.",
                "port": "A number, or the name of a port of the destination pod; every port when absent.",
                "endPort": "The last port of a range that begins at `port`, which must be a number.",
            ]),
        "NetworkPolicyPeer": TypeText(
            "The other side of the traffic: an address block, or pods by selectors.",
            [
                "podSelector": "Pods by their labels, in the policy's namespace or where `namespaceSelector` says.",
                "namespaceSelector": "Namespaces by their labels; alone, all pods in them.",
                "ipBlock": "A range of addresses; not together with selectors.",
            ]),
        "IPBlock": TypeText(
            "A range of addresses without some parts of it.",
            [
                "cidr": "The range, such as 10.0.0.0/8 or fd00::/8.",
                "except": "Ranges inside `cidr` that are left out of it.",
            ]),
    ]

    static let openShift = [
        "ClusterNetwork": TypeText(
            "The address ranges of the cluster; the object is called default.",
            [
                "network": "The range of pod addresses, in the older form.",
                "hostsubnetlength": "How many bits of an address count the pods of a node, in the older form.",
                "clusterNetworks": "The ranges of pod addresses.", "serviceNetwork": "The range of service addresses.",
                "pluginName":
                    "Who reaches whom: subnet (everyone), multitenant (who shares a number), or networkpolicy.",
                "vxlanPort": "The UDP port of the overlay.",
                "mtu": "The longest packet of the pod network in bytes.",
            ]),
        "ClusterNetworkEntry": TypeText(
            "One range of pod addresses.",
            [
                "CIDR": "The range.",
                "hostSubnetLength":
                    "How many bits of an address count the pods of a node: 8 gives each node 256 addresses.",
            ]),
        "HostSubnet": TypeText(
            "The pod addresses of one node, and where the node is reached.",
            [
                "host": "The node's name.", "hostIP": "The node's address in the underlay.",
                "subnet": "The range of its pods' addresses.", "egressIPs": "Egress addresses that it holds.",
                "egressCIDRs": "Ranges of egress addresses that it may hold.",
                "subnets": "All ranges of its pods' addresses, where it has both families.",
                "hostIPs": "All its addresses in the underlay.",
            ]),
        "NetNamespace": TypeText(
            "The number by which the overlay knows a namespace.",
            [
                "netname": "The namespace's name.", "netid": "The number; 0 reaches every namespace.",
                "egressIPs": "The addresses that its pods appear with outside.",
            ]),
    ]

    static let unlisted = [
        "Ingress": TypeText("Leads HTTP from outside to services, by host and path."),
        "IngressClass": TypeText("Who serves the Ingresses that name it."),
        "SelfSubjectAccessReview": TypeText("Asks whether one may do something; answered in the status, never stored."),
        "SelfSubjectRulesReview": TypeText("Asks for all that one may do; answered in the status, never stored."),
        "SelfSubjectReview": TypeText("Asks who one is; answered in the status, never stored."),
        "Route": TypeText("A host name under which a service is reached from outside."),
        "Event": TypeText("Something that happened to an object."),
    ]
}
