/// The messages of the kinds that kubectl creates by protobuf; field numbers from the `generated.proto` of k8s.io/api.
extension ProtobufMessage {
    static let kinds: [String: ProtobufMessage] = [
        "Namespace": object(spec: ProtobufMessage([1: ("finalizers", .strings)])),
        "ConfigMap": ProtobufMessage([
            1: ("metadata", .message(objectMeta)), 2: ("data", .stringMap), 3: ("binaryData", .bytesMap),
            4: ("immutable", .bool),
        ]),
        "Secret": ProtobufMessage([
            1: ("metadata", .message(objectMeta)), 2: ("data", .bytesMap), 3: ("type", .string),
            4: ("stringData", .stringMap), 5: ("immutable", .bool),
        ]),
        "ServiceAccount": ProtobufMessage([1: ("metadata", .message(objectMeta))]),
        "Service": object(spec: serviceSpec),
        "Ingress": object(spec: ingressSpec),
        "SelfSubjectAccessReview": object(spec: accessReviewSpec),
        "SelfSubjectRulesReview": object(spec: ProtobufMessage([1: ("namespace", .string)])),
        "SelfSubjectReview": ProtobufMessage([1: ("metadata", .message(objectMeta))]),
        "DeleteOptions": deleteOptions,
    ]

    private static func object(spec: ProtobufMessage) -> ProtobufMessage {
        ProtobufMessage([1: ("metadata", .message(objectMeta)), 2: ("spec", .message(spec))])
    }

    /// Without the timestamps and managed fields: the server sets them.
    private static let objectMeta = ProtobufMessage([
        1: ("name", .string), 2: ("generateName", .string), 3: ("namespace", .string), 5: ("uid", .string),
        6: ("resourceVersion", .string), 11: ("labels", .stringMap), 12: ("annotations", .stringMap),
        13: ("ownerReferences", .messages(ownerReference)), 14: ("finalizers", .strings),
    ])

    private static let ownerReference = ProtobufMessage([
        1: ("kind", .string), 3: ("name", .string), 4: ("uid", .string), 5: ("apiVersion", .string),
        6: ("controller", .bool), 7: ("blockOwnerDeletion", .bool),
    ])

    private static let deleteOptions = ProtobufMessage([
        1: ("gracePeriodSeconds", .int),
        2: ("preconditions", .message(ProtobufMessage([1: ("uid", .string), 2: ("resourceVersion", .string)]))),
        3: ("orphanDependents", .bool), 4: ("propagationPolicy", .string), 5: ("dryRun", .strings),
    ])

    private static let serviceSpec = ProtobufMessage([
        1: ("ports", .messages(servicePort)), 2: ("selector", .stringMap), 3: ("clusterIP", .string),
        4: ("type", .string), 5: ("externalIPs", .strings), 7: ("sessionAffinity", .string),
        8: ("loadBalancerIP", .string), 9: ("loadBalancerSourceRanges", .strings), 10: ("externalName", .string),
        11: ("externalTrafficPolicy", .string), 12: ("healthCheckNodePort", .int),
        13: ("publishNotReadyAddresses", .bool), 17: ("ipFamilyPolicy", .string), 18: ("clusterIPs", .strings),
        19: ("ipFamilies", .strings), 20: ("allocateLoadBalancerNodePorts", .bool),
        21: ("loadBalancerClass", .string), 22: ("internalTrafficPolicy", .string),
        23: ("trafficDistribution", .string),
    ])

    private static let servicePort = ProtobufMessage([
        1: ("name", .string), 2: ("protocol", .string), 3: ("port", .int), 4: ("targetPort", .intOrString),
        5: ("nodePort", .int), 6: ("appProtocol", .string),
    ])

    private static let ingressSpec = ProtobufMessage([
        1: ("defaultBackend", .message(ingressBackend)),
        2: ("tls", .messages(ProtobufMessage([1: ("hosts", .strings), 2: ("secretName", .string)]))),
        3: ("rules", .messages(ingressRule)), 4: ("ingressClassName", .string),
    ])

    private static let ingressBackend = ProtobufMessage([
        3: (
            "resource",
            .message(ProtobufMessage([1: ("apiGroup", .string), 2: ("kind", .string), 3: ("name", .string)]))
        ),
        4: (
            "service",
            .message(
                ProtobufMessage([
                    1: ("name", .string),
                    2: ("port", .message(ProtobufMessage([1: ("name", .string), 2: ("number", .int)]))),
                ]))
        ),
    ])

    /// The value of a rule is a message of its own in protobuf, and part of the rule in JSON.
    private static let ingressRule = ProtobufMessage([
        1: ("host", .string),
        2: (
            "",
            .inlined(ProtobufMessage([1: ("http", .message(ProtobufMessage([1: ("paths", .messages(ingressPath))])))]))
        ),
    ])

    private static let ingressPath = ProtobufMessage([
        1: ("path", .string), 2: ("backend", .message(ingressBackend)), 3: ("pathType", .string),
    ])

    private static let accessReviewSpec = ProtobufMessage([
        1: (
            "resourceAttributes",
            .message(
                ProtobufMessage([
                    1: ("namespace", .string), 2: ("verb", .string), 3: ("group", .string), 4: ("version", .string),
                    5: ("resource", .string), 6: ("subresource", .string), 7: ("name", .string),
                ]))
        ),
        2: ("nonResourceAttributes", .message(ProtobufMessage([1: ("path", .string), 2: ("verb", .string)]))),
    ])
}
