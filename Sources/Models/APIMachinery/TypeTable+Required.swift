extension TypeTable {
    /// Fields without which a type says nothing: told in OpenAPI, by which clients check what they send.
    ///
    /// Others may be missing there, too; the server's own rules find it.
    static let required: [String: [String]] = [
        "NetworkPolicySpec": ["podSelector"], "IPBlock": ["cidr"], "LabelSelectorRequirement": ["key", "operator"],
        "ServicePort": ["port"], "EndpointAddress": ["ip"], "EndpointPort": ["port"],
        "EndpointSlice": ["addressType", "endpoints"], "PodSpec": ["containers"], "Container": ["name"],
        "ContainerPort": ["containerPort"], "OwnerReference": ["apiVersion", "kind", "name", "uid"],
        "Zone": ["spec"], "ZoneSpec": ["order"], "StagedPolicy": ["spec"], "StagedPolicySpec": ["policy"],
        "ClusterStagedPolicy": ["spec"], "ClusterStagedPolicySpec": ["policy"], "EgressGateway": ["spec"],
        "EgressGatewaySpec": ["ports"], "FailoverGroup": ["spec"], "FailoverGroupSpec": ["addresses"],
        "HostSubnet": ["host", "hostIP"], "NetNamespace": ["netname", "netid"],
    ]
}
