/// policy.networking.k8s.io.
///
/// Rules and peers of both directions are one type each: what has no business in a direction, the rules of the kind refuse
/// in better words than "unknown field".
extension TypeTable {
    private static let package = "io.k8s.networking.policy"

    static let clusterPolicies = table([
        kind(package, "AdminNetworkPolicy", ["spec": .type("AdminPolicySpec"), "status": .type("AdminPolicyStatus")]),
        kind(
            package, "BaselineAdminNetworkPolicy",
            ["spec": .type("AdminPolicySpec"), "status": .type("AdminPolicyStatus")]),
        type(
            package, "AdminPolicySpec",
            [
                "priority": .integer, "subject": .type("AdminPolicySubject"), "ingress": .list("AdminPolicyRule"),
                "egress": .list("AdminPolicyRule"),
            ]),
        type(
            package, "AdminPolicyRule",
            [
                "name": .text, "action": .text, "from": .list("AdminPolicyPeer"), "to": .list("AdminPolicyPeer"),
                "ports": .list("AdminPolicyPort"),
            ]),
        type(
            package, "AdminPolicyPort",
            [
                "portNumber": .type("AdminPolicyPortNumber"), "namedPort": .text,
                "portRange": .type("AdminPolicyPortRange"),
            ]),
        type(package, "AdminPolicyPortNumber", ["protocol": .text, "port": .integer]),
        type(package, "AdminPolicyPortRange", ["protocol": .text, "start": .integer, "end": .integer]),
        kind(
            package, "ClusterNetworkPolicy", ["spec": .type("ClusterPolicySpec"), "status": .type("AdminPolicyStatus")]),
        type(
            package, "ClusterPolicySpec",
            [
                "tier": .text, "priority": .integer, "subject": .type("AdminPolicySubject"),
                "ingress": .list("ClusterPolicyRule"), "egress": .list("ClusterPolicyRule"),
            ]),
        type(
            package, "ClusterPolicyRule",
            [
                "name": .text, "action": .text, "from": .list("AdminPolicyPeer"), "to": .list("AdminPolicyPeer"),
                "protocols": .list("ClusterPolicyProtocol"),
            ]),
        type(
            package, "ClusterPolicyProtocol",
            [
                "tcp": .type("ClusterPolicyTransport"), "udp": .type("ClusterPolicyTransport"),
                "sctp": .type("ClusterPolicyTransport"), "destinationNamedPort": .text,
            ]),
        type(package, "ClusterPolicyTransport", ["destinationPort": .type("ClusterPolicyPort")]),
        type(package, "ClusterPolicyPort", ["number": .integer, "range": .type("ClusterPolicyPortRange")]),
        type(package, "ClusterPolicyPortRange", ["start": .integer, "end": .integer]),
        type(
            package, "AdminPolicySubject",
            ["namespaces": .type("LabelSelector"), "pods": .type("AdminPolicyPods")]),
        type(
            package, "AdminPolicyPods",
            ["namespaceSelector": .type("LabelSelector"), "podSelector": .type("LabelSelector")]),
        type(
            package, "AdminPolicyPeer",
            [
                "namespaces": .type("LabelSelector"), "pods": .type("AdminPolicyPods"),
                "nodes": .type("LabelSelector"), "networks": .texts, "domainNames": .texts,
            ]),
        type(package, "AdminPolicyStatus", ["conditions": .list(.any)]),
    ])
}
