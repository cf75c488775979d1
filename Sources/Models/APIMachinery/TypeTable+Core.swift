/// core/v1 except Pod.
extension TypeTable {
    private static let corePackage = "io.k8s.api.core.v1"

    static let core = table(identityKinds + nodeTypes + serviceTypes + eventTypes)

    private static let identityKinds = [
        kind(corePackage, "Namespace", ["spec": .type("NamespaceSpec"), "status": .type("NamespaceStatus")]),
        type(corePackage, "NamespaceSpec", ["finalizers": .texts]),
        type(corePackage, "NamespaceStatus", ["phase": .text, "conditions": .list("Condition", by: "type")]),
        kind(corePackage, "ConfigMap", ["data": .map(.text), "binaryData": .map(.text), "immutable": .flag]),
        kind(
            corePackage, "Secret",
            ["data": .map(.text), "stringData": .map(.text), "immutable": .flag, "type": .text]),
        kind(
            corePackage, "ServiceAccount",
            [
                "secrets": .list("ObjectReference", by: "name"), "imagePullSecrets": .list("LocalObjectReference"),
                "automountServiceAccountToken": .flag,
            ]),
        type(corePackage, "LocalObjectReference", ["name": .text]),
        type(
            corePackage, "ObjectReference",
            [
                "apiVersion": .text, "kind": .text, "namespace": .text, "name": .text, "uid": .text,
                "resourceVersion": .text, "fieldPath": .text,
            ]),
    ]

    private static let nodeTypes = [
        kind(corePackage, "Node", ["spec": .type("NodeSpec"), "status": .type("NodeStatus")]),
        type(
            corePackage, "NodeSpec", open: true,
            [
                "podCIDR": .text, "podCIDRs": .list(.text, .set), "providerID": .text, "unschedulable": .flag,
                "taints": .list("Taint"), "configSource": .any, "externalID": .any,
            ]),
        type(corePackage, "Taint", ["key": .text, "value": .text, "effect": .text, "timeAdded": .time]),
        type(
            corePackage, "NodeStatus", open: true,
            [
                "capacity": .map(.intOrText), "allocatable": .map(.intOrText), "phase": .text,
                "conditions": .list("Condition", by: "type"), "addresses": .list("NodeAddress", by: "type"),
                "nodeInfo": .map(.any), "images": .list(.any), "volumesInUse": .texts,
                "volumesAttached": .list(.any), "daemonEndpoints": .any, "config": .any, "runtimeHandlers": .list(.any),
                "features": .any,
            ]),
        type(corePackage, "NodeAddress", ["type": .text, "address": .text]),
    ]

    private static let serviceTypes = [
        kind(corePackage, "Service", ["spec": .type("ServiceSpec"), "status": .type("ServiceStatus")]),
        type(
            corePackage, "ServiceSpec",
            [
                "ports": .list("ServicePort", by: "port"), "selector": .map(.text), "clusterIP": .text,
                "clusterIPs": .texts, "type": .text, "externalIPs": .texts, "sessionAffinity": .text,
                "loadBalancerIP": .text, "loadBalancerSourceRanges": .texts, "externalName": .text,
                "externalTrafficPolicy": .text, "healthCheckNodePort": .integer, "publishNotReadyAddresses": .flag,
                "sessionAffinityConfig": .any, "ipFamilies": .texts, "ipFamilyPolicy": .text,
                "allocateLoadBalancerNodePorts": .flag, "loadBalancerClass": .text, "internalTrafficPolicy": .text,
                "trafficDistribution": .text,
            ]),
        type(
            corePackage, "ServicePort",
            [
                "name": .text, "protocol": .text, "appProtocol": .text, "port": .integer, "targetPort": .intOrText,
                "nodePort": .integer,
            ]),
        type(
            corePackage, "ServiceStatus", ["loadBalancer": .any, "conditions": .list("Condition", by: "type")]),
        kind(corePackage, "Endpoints", ["subsets": .list("EndpointSubset")]),
        type(
            corePackage, "EndpointSubset",
            [
                "addresses": .list("EndpointAddress"), "notReadyAddresses": .list("EndpointAddress"),
                "ports": .list("EndpointPort"),
            ]),
        type(
            corePackage, "EndpointAddress",
            ["ip": .text, "hostname": .text, "nodeName": .text, "targetRef": .type("ObjectReference")]),
        type(corePackage, "EndpointPort", ["name": .text, "port": .integer, "protocol": .text, "appProtocol": .text]),
    ]

    private static let eventTypes = [
        kind(
            corePackage, "Event",
            [
                "involvedObject": .type("ObjectReference"), "reason": .text, "message": .text,
                "source": .type("EventSource"), "firstTimestamp": .time, "lastTimestamp": .time, "count": .integer,
                "type": .text, "eventTime": .time, "series": .type("EventSeries"), "action": .text,
                "related": .type("ObjectReference"), "reportingComponent": .text, "reportingInstance": .text,
            ]),
        type(corePackage, "EventSource", ["component": .text, "host": .text]),
        type(corePackage, "EventSeries", ["count": .integer, "lastObservedTime": .time]),
    ]
}
