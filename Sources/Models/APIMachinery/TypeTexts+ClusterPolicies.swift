/// policy.networking.k8s.io.
extension TypeTexts {
    static let clusterPolicies = [
        "AdminNetworkPolicy": TypeText("The administrators' rules, which come before the policies of namespaces."),
        "BaselineAdminNetworkPolicy": TypeText("What holds for pods that no other policy is about."),
        "AdminPolicySpec": TypeText(
            "Whom the rules are about, and the rules.",
            [
                "priority": "The place among the policies of the tier, 0 to 1000; the lowest comes first.",
                "subject": "The pods that the rules are about.",
                "ingress": "Rules for connections to these pods; the first that matches decides.",
                "egress": "Rules for connections from these pods; the first that matches decides.",
            ]),
        "AdminPolicyRule": TypeText(
            "What becomes of connections with some peers on some ports.",
            [
                "name": "A name for reports.", "action": "Allow, Deny, or Pass, which leaves it to the next tier.",
                "from": "Who opens the connection; for ingress.", "to": "Who answers; for egress.",
                "ports": "The ports that are meant; without it, all.",
            ]),
        "AdminPolicyPort": TypeText(
            "One kind of port: exactly one field is set.",
            [
                "portNumber": "A port by its number.", "namedPort": "A container port by its name.",
                "portRange": "All ports between two numbers.",
            ]),
        "AdminPolicyPortNumber": TypeText(
            "A port by its number.", ["protocol": "TCP (when absent), UDP or SCTP.", "port": "The number."]),
        "AdminPolicyPortRange": TypeText(
            "All ports between two numbers.",
            ["protocol": "TCP (when absent), UDP or SCTP.", "start": "The first port.", "end": "The last port."]),
        "ClusterNetworkPolicy": TypeText(
            "The administrators' rules, in tiers before and after those of namespaces."),
        "ClusterPolicySpec": TypeText(
            "Whom the rules are about, when they are asked, and the rules.",
            [
                "tier": "Admin, before the policies of namespaces, or Baseline, after them.",
                "priority": "The place among the policies of the tier, 0 to 1000; the lowest comes first.",
                "subject": "The pods that the rules are about.",
                "ingress": "Rules for connections to these pods; the first that matches decides.",
                "egress": "Rules for connections from these pods; the first that matches decides.",
            ]),
        "ClusterPolicyRule": TypeText(
            "What becomes of connections with some peers by some protocols.",
            [
                "name": "A name for reports.", "action": "Accept, Deny, or Pass, which leaves it to the next tier.",
                "from": "Who opens the connection; for ingress.", "to": "Who answers; for egress.",
                "protocols": "The protocols and ports that are meant; without it, all.",
            ]),
        "ClusterPolicyProtocol": TypeText(
            "One protocol, or a port by name: exactly one field is set.",
            [
                "tcp": "TCP.", "udp": "UDP.", "sctp": "SCTP.", "destinationNamedPort": "A container port by its name.",
            ]),
        "ClusterPolicyTransport": TypeText(
            "The ports of a protocol.", ["destinationPort": "The port that is meant; without it, all."]),
        "ClusterPolicyPort": TypeText(
            "A port or a range: exactly one field is set.",
            ["number": "A port by its number.", "range": "All ports between two numbers."]),
        "ClusterPolicyPortRange": TypeText(
            "All ports between two numbers.", ["start": "The first port.", "end": "The last port."]),
        "AdminPolicySubject": TypeText(
            "The pods that a policy is about: exactly one field is set.",
            [
                "namespaces": "Every pod of the namespaces with these labels.",
                "pods": "Pods by their labels and those of their namespaces.",
            ]),
        "AdminPolicyPods": TypeText(
            "Pods by their labels and those of their namespaces.",
            ["namespaceSelector": "The labels of their namespaces.", "podSelector": "The labels of the pods."]),
        "AdminPolicyPeer": TypeText(
            "The other end of a connection: exactly one field is set.",
            [
                "namespaces": "Every pod of the namespaces with these labels.",
                "pods": "Pods by their labels and those of their namespaces.",
                "nodes": "Nodes by their labels; for egress.", "networks": "Address blocks; for egress.",
                "domainNames": "Names, or *. and a name for all below it; for egress rules that allow.",
            ]),
        "AdminPolicyStatus": TypeText(
            "What is known of the policy.", ["conditions": "Whether it holds as it is written."]),
    ]
}
