/// The rights of each part, with nothing beside its work.
extension ComponentRights {
    private static let reads = AccessRule.reads
    private static let policies = [
        AccessRule("networking.k8s.io", ["networkpolicies"], reads),
        AccessRule(
            "policy.networking.k8s.io",
            ["adminnetworkpolicies", "baselineadminnetworkpolicies", "clusternetworkpolicies"], reads),
        AccessRule("k8s.ovn.org", ["egressfirewalls", "egressips"], reads),
    ]
    private static let events = AccessRule(
        "", ["events"], ["create", "patch"], "Policies that it does not understand.")

    static let agent = ComponentRights(
        name: "gabion-agent",
        comment: [
            "gabion agent, one on each node. It reads what the network is made of, and says how its node does. It may",
            "write no pod, no policy and no subnet; RBAC cannot say \"its own Node only\", so whoever has an agent's",
            "credentials can set the conditions of any Node.",
        ],
        certificate: ("Group", "gabion:agents"),
        clusterRules: [
            AccessRule("", ["pods", "namespaces", "nodes", "services"], reads),
            AccessRule("discovery.k8s.io", ["endpointslices"], reads),
        ] + policies + [
            AccessRule(
                "network.openshift.io", ["clusternetworks", "hostsubnets", "netnamespaces", "egressnetworkpolicies"],
                reads),
            AccessRule(
                "gabion.io",
                [
                    "zones", "stagedpolicies", "clusterstagedpolicies", "metadataaccesses", "externalippolicies",
                    "egressnodes",
                ], reads),
            AccessRule("", ["nodes/status"], ["patch"], "The conditions NetworkUnavailable and GabionReady."),
            AccessRule("", ["nodes"], ["patch"], "The annotation that says where its flows are shown."),
            events,
        ],
        systemRules: [AccessRule("coordination.k8s.io", ["leases"], ["create", "patch"])])

    static let controller = ComponentRights(
        name: "gabion-controller",
        comment: [
            "gabion controller: gives nodes their subnets and namespaces their ids, and writes the status of what it",
            "counts.",
        ],
        certificate: ("User", "gabion:controller"),
        clusterRules: [AccessRule("", ["pods", "namespaces", "nodes", "services"], reads)] + policies + [
            AccessRule("network.openshift.io", ["clusternetworks", "egressnetworkpolicies"], reads),
            AccessRule(
                "gabion.io",
                [
                    "zones", "stagedpolicies", "clusterstagedpolicies", "metadataaccesses", "externalippolicies",
                    "failovergroups", "egressgateways",
                ], reads),
            AccessRule(
                "network.openshift.io", ["hostsubnets", "netnamespaces"], reads + ["create", "patch", "delete"]),
            AccessRule("gabion.io", ["egressnodes"], reads + ["create", "patch", "delete"]),
            AccessRule(
                "gabion.io",
                [
                    "zones/status", "stagedpolicies/status", "clusterstagedpolicies/status",
                    "externalippolicies/status", "egressgateways/status",
                ], ["patch"]),
            AccessRule("k8s.ovn.org", ["egressfirewalls/status", "egressips/status"], ["patch"]),
            AccessRule(
                "", ["nodes", "nodes/status"], ["patch"],
                "spec.podCIDRs of nodes that have none, and the conditions of nodes whose agent fell silent."),
            AccessRule("", ["services/status"], ["patch"], "The addresses of load balancers."),
            AccessRule("", ["events"], ["create", "patch"]),
        ],
        systemRules: [
            AccessRule("coordination.k8s.io", ["leases"], ["get", "list", "create"]),
            AccessRule("coordination.k8s.io", ["leases"], ["update"], names: ["gabion-controller"]),
        ])

    static let egress = ComponentRights(
        name: "gabion-egress",
        comment: ["gabion egress, one on each node: reads who is to hold which address, and says which it holds."],
        certificate: ("Group", "gabion:egress"),
        clusterRules: [
            AccessRule("", ["nodes"], reads), AccessRule("gabion.io", ["egressnodes"], reads),
            AccessRule("gabion.io", ["egressnodes/status"], ["patch"]),
            AccessRule("", ["events"], ["create", "patch"], "Who is silent, and which address came and went."),
        ],
        systemRules: [AccessRule("coordination.k8s.io", ["leases"], ["create", "patch"])])

    /// - Parameter secrets: with keys of groups; without one there is no right to read any.
    static func failover(secrets: [String]) -> ComponentRights {
        var rights = failover
        if !secrets.isEmpty { rights.systemRules = [AccessRule("", ["secrets"], ["get"], names: secrets)] }
        rights.systemComment = "Keys of groups with an authSecretName (failover.secrets)."
        return rights
    }

    private static let failover = ComponentRights(
        name: "gabion-failover",
        comment: [
            "gabion failover, one on each node: holds its share of the addresses of FailoverGroups, and says so in their",
            "status. Groups with an authSecretName want one right more: get of that Secret of kube-system. It comes with",
            "failover.secrets, or by a Role of yours with its name among the resourceNames.",
        ],
        certificate: ("Group", "gabion:failover"),
        clusterRules: [
            AccessRule("gabion.io", ["failovergroups"], reads),
            AccessRule("gabion.io", ["failovergroups/status"], ["patch"]),
            AccessRule("", ["nodes"], ["list", "watch"]),
            AccessRule(
                "discovery.k8s.io", ["endpointslices"], ["list", "watch"],
                "Health by a Service: is there a ready endpoint on this node?"),
            AccessRule("", ["events"], ["create", "patch"], "Which address came and went, and what is not well."),
        ], systemRules: [])

    static let dns = ComponentRights(
        name: "gabion-dns", comment: ["gabion dns: reads what names are made of, and writes nothing."],
        certificate: ("User", "gabion:dns"),
        clusterRules: [
            AccessRule("", ["pods", "namespaces", "services"], reads),
            AccessRule("discovery.k8s.io", ["endpointslices"], reads),
        ], systemRules: [])
}
