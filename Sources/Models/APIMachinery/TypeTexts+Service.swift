/// Services and the addresses behind them.
extension TypeTexts {
    static let services = [
        "Service": TypeText("One name and address for a set of pods."),
        "ServiceSpec": TypeText(
            "Which pods a service stands for, and how it is reached.",
            [
                "ports": "The ports that it is reached at.",
                "selector": "The labels of its pods; without any, its endpoints are written by others.",
                "clusterIP": "Its address, or None for a service of names only.",
                "clusterIPs": "Its addresses, at most one for each family; the first is `clusterIP`.",
                "type": "ClusterIP, NodePort, LoadBalancer or ExternalName.",
                "externalIPs": "Outside addresses at which nodes take traffic for it.",
                "sessionAffinity": "ClientIP to send a client to the same pod again, or None.",
                "sessionAffinityConfig": "For how long a client stays with a pod.",
                "loadBalancerIP": "The address that is wanted of a load balancer.",
                "loadBalancerSourceRanges": "The clients that a load balancer lets in.",
                "loadBalancerClass": "Which load balancer is meant.",
                "allocateLoadBalancerNodePorts": "Whether a load balancer needs ports on the nodes.",
                "externalName": "The DNS name that an ExternalName service stands for.",
                "externalTrafficPolicy": "Local to keep outside traffic on the node that it reached, or Cluster.",
                "internalTrafficPolicy": "Local to keep inside traffic on its node, or Cluster.",
                "healthCheckNodePort": "The port at which nodes tell whether they have pods of it.",
                "publishNotReadyAddresses": "True to list pods that are not ready.",
                "ipFamilies": "The families of its addresses, in order.",
                "ipFamilyPolicy": "SingleStack, PreferDualStack or RequireDualStack.",
                "trafficDistribution": "Which pods are preferred, such as close ones.",
            ]),
        "ServicePort": TypeText(
            "One port of a service.",
            [
                "name": "The port's name; needed when there are several.", "protocol": "TCP, UDP or SCTP.",
                "appProtocol": "What is spoken on it.", "port": "The port of the service.",
                "targetPort": "The port of the pods, by number or name.", "nodePort": "The port on every node.",
            ]),
        "ServiceStatus": TypeText(
            "What has been made for a service.", ["loadBalancer": "Where its load balancer is reached."]),
        "Endpoints": TypeText(
            "The addresses behind a service.", ["subsets": "Groups of addresses with the same ports."]),
        "EndpointSubset": TypeText(
            "Addresses that have the same ports.",
            [
                "addresses": "The addresses that take traffic.", "notReadyAddresses": "Those that do not yet.",
                "ports": "The ports of each of them.",
            ]),
        "EndpointAddress": TypeText(
            "One address behind a service.",
            [
                "ip": "The address.", "hostname": "Its host name.", "nodeName": "The node that it is on.",
                "targetRef": "The pod that has it.",
            ]),
        "EndpointPort": TypeText(
            "One port of the addresses behind a service.",
            [
                "name": "The name of the service's port.", "port": "The port's number.",
                "protocol": "TCP, UDP or SCTP.", "appProtocol": "What is spoken on it.",
            ]),
        "EndpointSlice": TypeText(
            "A part of the addresses behind a service.",
            [
                "addressType": "IPv4, IPv6 or FQDN; of all addresses in the slice, and fixed.",
                "endpoints": "The endpoints, at most 1000.", "ports": "The ports of each of them.",
            ]),
        "Endpoint": TypeText(
            "One endpoint of a slice.",
            [
                "addresses": "Its addresses.", "conditions": "Whether it is ready, serving and terminating.",
                "hostname": "Its host name.", "targetRef": "The pod that it is.",
                "deprecatedTopology": "Where it is, in an older form.", "nodeName": "The node that it is on.",
                "zone": "The zone that it is in.", "hints": "Who should use it.",
            ]),
    ]
}
