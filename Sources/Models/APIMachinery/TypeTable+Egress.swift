/// What leaves the cluster: k8s.ovn.org, network.openshift.io and gabion.io.
///
/// Rules of both kinds are one type: what one of them does not have, its rules refuse in better words than "unknown field".
extension TypeTable {
    private static let package = "org.ovn.k8s.v1"
    private static let gabionPackage = "io.gabion.v1"

    static let egress = table([
        kind(
            package, "EgressFirewall", ["spec": .type("EgressFirewallSpec"), "status": .type("EgressFirewallStatus")]),
        kind("com.github.openshift.api.network.v1", "EgressNetworkPolicy", ["spec": .type("EgressFirewallSpec")]),
        type(package, "EgressFirewallSpec", ["egress": .list("EgressFirewallRule")]),
        type(
            package, "EgressFirewallRule",
            ["type": .text, "to": .type("EgressFirewallDestination"), "ports": .list("EgressFirewallPort")]),
        type(
            package, "EgressFirewallDestination",
            ["cidrSelector": .text, "dnsName": .text, "nodeSelector": .type("LabelSelector")]),
        type(package, "EgressFirewallPort", ["protocol": .text, "port": .integer]),
        kind("io.gabion.v1", "MetadataAccess", ["spec": .type("MetadataAccessSpec")]),
        type("io.gabion.v1", "MetadataAccessSpec", ["subject": .type("AdminPolicySubject"), "reason": .text]),
        type(package, "EgressFirewallStatus", ["status": .text, "messages": .texts]),
        kind(package, "EgressIP", ["spec": .type("EgressIPSpec"), "status": .type("EgressIPStatus")]),
        type(
            package, "EgressIPSpec",
            [
                "egressIPs": .texts, "namespaceSelector": .type("LabelSelector"), "podSelector": .type("LabelSelector"),
            ]),
        type(package, "EgressIPStatus", ["items": .list("EgressIPItem")]),
        type(package, "EgressIPItem", ["node": .text, "egressIP": .text]),
        kind(gabionPackage, "EgressNode", ["spec": .type("EgressNodeSpec"), "status": .type("EgressNodeStatus")]),
        type(gabionPackage, "EgressNodeSpec", ["addresses": .texts, "releasing": .texts, "witnesses": .texts]),
        type(
            gabionPackage, "EgressNodeStatus",
            [
                "term": .integer, "witnesses": .texts, "held": .list("EgressHolding"), "networks": .texts,
                "silentTo": .texts, "witnessTerms": .map(.integer), "problems": .texts,
            ]),
        type(gabionPackage, "EgressHolding", ["address": .text, "since": .text]),
    ])
}
