extension KindValidationTests {
    /// Kind, object, and what the message must contain.
    static let wrong: [(String, String, String)] = [
        ("Pod", #"{"metadata":{"name":"p"},"spec":{}}"#, "spec.containers: Required value"),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"image":"i"}]}}"#,
            "spec.containers[0].name: Required value"
        ),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"A"}]}}"#,
            #"spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of"#
        ),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"},{"name":"a"}]}}"#,
            #"spec.containers[1].name: Duplicate value: "a""#
        ),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","ports":[{"containerPort":0}]}]}}"#,
            "spec.containers[0].ports[0].containerPort: Required value"
        ),
        (
            "Pod",
            #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","ports":[{"containerPort":1,"protocol":"X"}]}]}}"#,
            #"spec.containers[0].ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#
        ),
        (
            "Pod",
            #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","ports":[{"containerPort":1,"name":"w"},{"containerPort":2,"name":"w"}]}]}}"#,
            #"spec.containers[0].ports[1].name: Duplicate value: "w""#
        ),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"restartPolicy":"No","containers":[{"name":"a"}]}}"#,
            #"spec.restartPolicy: Unsupported value: "No": supported values: "Always", "OnFailure", "Never""#
        ),
        (
            "Service", #"{"metadata":{"name":"1a"},"spec":{"ports":[{"port":80}]}}"#,
            #"metadata.name: Invalid value: "1a": a DNS-1035 label must consist of"#
        ),
        ("Service", #"{"metadata":{"name":"s"},"spec":{}}"#, "spec.ports: Required value"),
        (
            "Service", #"{"metadata":{"name":"s"},"spec":{"ports":[{"port":80},{"port":81}]}}"#,
            "spec.ports[0].name: Required value"
        ),
        (
            "Service", #"{"metadata":{"name":"s"},"spec":{"type":"Odd","ports":[{"port":80}]}}"#,
            #"spec.type: Unsupported value: "Odd": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#
        ),
        (
            "Service", #"{"metadata":{"name":"s"},"spec":{"clusterIP":"x","ports":[{"port":80}]}}"#,
            #"spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address"#
        ),
        (
            "Endpoints", #"{"metadata":{"name":"e"},"subsets":[{}]}"#,
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"
        ),
        (
            "Endpoints", #"{"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"127.0.0.1"}]}]}"#,
            "may not be in the loopback range"
        ),
        ("EndpointSlice", #"{"metadata":{"name":"e"},"endpoints":[]}"#, "addressType: Required value"),
        (
            "EndpointSlice", #"{"metadata":{"name":"e"},"addressType":"IPv4","endpoints":[{"addresses":["fd00::1"]}]}"#,
            #"endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address"#
        ),
        (
            "ConfigMap", #"{"metadata":{"name":"c"},"data":{"a b":"c"}}"#,
            #"data[a b]: Invalid value: "a b": a valid config key must consist of"#
        ),
        ("Secret", #"{"metadata":{"name":"c"},"data":{"a":"?"}}"#, "illegal base64 data"),
        (
            "Lease", #"{"metadata":{"name":"l"},"spec":{"leaseDurationSeconds":0}}"#,
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"
        ),
        (
            "Event", #"{"metadata":{"name":"e"},"involvedObject":{"namespace":"other"}}"#,
            "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"
        ),
        (
            "Node", #"{"metadata":{"name":"n"},"spec":{"podCIDRs":["10.0.0.0"]}}"#,
            "spec.podCIDRs[0]: Invalid value: \"10.0.0.0\": must be a valid CIDR value"
        ),
        (
            "Namespace", #"{"metadata":{"name":"a.b"}}"#,
            #"metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must consist of"#
        ),
        (
            "ClusterNetwork", #"{"metadata":{"name":"default"}}"#,
            "network: Required value: network must be set (if clusterNetworks is empty)"
        ),
        (
            "ClusterNetwork",
            #"{"metadata":{"name":"default"},"clusterNetworks":[{"CIDR":"10.128.0.0/14","hostSubnetLength":19}]}"#,
            "clusterNetworks[0].hostSubnetLength: Invalid value: 19: subnet length is too large for cidr"
        ),
        (
            "ClusterNetwork",
            #"{"metadata":{"name":"default"},"clusterNetworks":[{"CIDR":"10.128.0.0/14","hostSubnetLength":9},{"CIDR":"10.129.0.0/16","hostSubnetLength":9}]}"#,
            #"clusterNetworks[1].CIDR: Invalid value: "10.129.0.0/16": cidr range overlaps with another cidr "10.128.0.0/14""#
        ),
        (
            "ClusterNetwork",
            #"{"metadata":{"name":"default"},"network":"10.1.0.0/16","hostsubnetlength":8,"serviceNetwork":"10.1.2.0/24"}"#,
            "service network overlaps with cluster network"
        ),
        (
            "ClusterNetwork", #"{"metadata":{"name":"default"},"network":"10.1.0.0/16","hostsubnetlength":1}"#,
            "hostsubnetlength: Invalid value: 1: subnet length must be at least 2"
        ),
        (
            "ClusterNetwork",
            #"{"metadata":{"name":"default"},"network":"10.1.0.0/16","hostsubnetlength":8,"pluginName":"OVNKubernetes"}"#,
            #"pluginName: Unsupported value: "OVNKubernetes": supported values: "redhat/openshift-ovs-subnet", "#
        ),
        (
            "HostSubnet", #"{"metadata":{"name":"n1"},"host":"n2","hostIP":"10.0.0.1","subnet":"10.1.0.0/24"}"#,
            #"host: Invalid value: "n2": must be the same as metadata.name: "n1""#
        ),
        (
            "HostSubnet", #"{"metadata":{"name":"n1"},"host":"n1","hostIP":"x","subnet":"10.1.0.0/24"}"#,
            "hostIP: Invalid value"
        ),
        (
            "HostSubnet", #"{"metadata":{"name":"n1"},"host":"n1","hostIP":"10.0.0.1"}"#,
            #"subnet: Invalid value: "": field cannot be empty"#
        ),
        (
            "NetNamespace", #"{"metadata":{"name":"a"},"netname":"a","netid":16777216}"#,
            "netid: Invalid value: 16777216: VNID must be between 0 and 16777215, inclusive"
        ),
        (
            "AdminNetworkPolicy",
            #"{"metadata":{"name":"a"},"spec":{"priority":1001,"subject":{"namespaces":{}}}}"#,
            "spec.priority: Invalid value: 1001: must be between 0 and 1000, inclusive"
        ),
        (
            "BaselineAdminNetworkPolicy", #"{"metadata":{"name":"mine"},"spec":{"subject":{"namespaces":{}}}}"#,
            #"metadata.name: Invalid value: "mine""#
        ),
        (
            "ClusterNetworkPolicy",
            #"{"metadata":{"name":"c"},"spec":{"tier":"Middle","priority":1,"subject":{"namespaces":{}}}}"#,
            #"spec.tier: Unsupported value: "Middle": supported values: "Admin", "Baseline""#
        ),
        ("ExternalIPPolicy", #"{"metadata":{"name":"lab"}}"#, "spec: Required value"),
        (
            "ExternalIPPolicy", #"{"metadata":{"name":"lab"},"spec":{"rejectedCIDRs":["192.0.2.0/24","192.0.2.1"]}}"#,
            #"spec.rejectedCIDRs[1]: Invalid value: "192.0.2.1": must be a valid CIDR value"#
        ),
        (
            "ExternalIPPolicy",
            #"{"metadata":{"name":"lab"},"spec":{"autoAssignCIDRs":["192.0.2.0/24","192.0.2.7/24"]}}"#,
            #"spec.autoAssignCIDRs[1]: Duplicate value: "192.0.2.7/24""#
        ),
        ("FailoverGroup", #"{"metadata":{"name":"g"},"spec":{}}"#, "spec.addresses: Required value"),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9-192.0.2.1"]}}"#,
            "spec.addresses[0]: Invalid value"
        ),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"firstRouterID":256}}"#,
            "spec.firstRouterID: Invalid value: 256: must be between 1 and 255, inclusive"
        ),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"interface":"eth0 }"}}"#,
            "spec.interface: Invalid value"
        ),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"authSecretName":"admin"}}"#,
            "spec.authSecretName: Invalid value: \"admin\": must begin with gabion-failover-"
        ),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"healthCheck":{}}}"#,
            "spec.healthCheck: Required value"
        ),
        (
            "FailoverGroup",
            #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"healthCheck":{"http":{"port":80,"path":"/a b"}}}}"#,
            "spec.healthCheck.http.path: Invalid value"
        ),
        (
            "FailoverGroup", #"{"metadata":{"name":"g"},"spec":{"addresses":["192.0.2.9"],"ports":[{"port":0}]}}"#,
            "spec.ports[0].port: Invalid value: 0"
        ),
        (
            "EgressIP", #"{"metadata":{"name":"a"},"spec":{"egressIPs":[],"namespaceSelector":{}}}"#,
            "spec.egressIPs: Required value"
        ),
        (
            "EgressIP", #"{"metadata":{"name":"a"},"spec":{"egressIPs":["192.0.2.1"]}}"#,
            "spec.namespaceSelector: Required value"
        ),
        (
            "EgressIP",
            #"{"metadata":{"name":"a"},"spec":{"egressIPs":["fd00::1","fd00:0::1"],"namespaceSelector":{}}}"#,
            "spec.egressIPs[1]: Duplicate value"
        ),
        (
            "EgressIP", #"{"metadata":{"name":"a"},"spec":{"egressIPs":["127.0.0.1"],"namespaceSelector":{}}}"#,
            "spec.egressIPs[0]: Invalid value"
        ),
        (
            "EgressNode",
            #"{"metadata":{"name":"a"},"spec":{"addresses":["192.0.2.1"],"releasing":["192.0.2.1"]}}"#,
            "spec.releasing[0]: Duplicate value"
        ),
        (
            "EgressNode", #"{"metadata":{"name":"a"},"spec":{"witnesses":["b","a"]}}"#,
            "spec.witnesses[1]: Invalid value: \"a\": a node is no witness of its own"
        ),
        ("NetNamespace", #"{"metadata":{"name":"a"},"netname":"a","netid":-1}"#, "netid: Invalid value: -1"),
        ("NetNamespace", #"{"metadata":{"name":"a"},"netname":"b","netid":1}"#, "netname: Invalid value"),
        ("NetNamespace", #"{"metadata":{"name":"a"},"netname":"a"}"#, "netid: Required value"),
    ]
}
