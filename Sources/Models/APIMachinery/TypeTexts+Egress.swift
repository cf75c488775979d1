/// Texts about what leaves the cluster.
extension TypeTexts {
    static let egress = [
        "EgressFirewall": TypeText("Which outside addresses the pods of a namespace may reach, rule by rule."),
        "EgressNetworkPolicy": TypeText("Which outside addresses the pods of a namespace may reach."),
        "MetadataAccess": TypeText(
            "Pods that may reach the cloud's metadata addresses, which are closed to all others."),
        "MetadataAccessSpec": TypeText(
            "Which pods, and why.",
            ["subject": "The pods.", "reason": "Why they need it, for people."]),
        "EgressFirewallSpec": TypeText(
            "The rules of a namespace.",
            ["egress": "The first rule that is about a destination decides; what no rule is about is let through."]),
        "EgressFirewallRule": TypeText(
            "Lets some destinations through, or does not.",
            [
                "type": "Allow or Deny.", "to": "The destinations.",
                "ports": "The destination's ports; every protocol and port if there are none.",
            ]),
        "EgressFirewallDestination": TypeText(
            "Addresses outside the cluster; exactly one field is set.",
            [
                "cidrSelector": "An address range, such as 203.0.113.0/24.",
                "dnsName": "A domain name, or '*.' and a domain name.",
                "nodeSelector": "The addresses of the nodes with these labels.",
            ]),
        "EgressFirewallPort": TypeText(
            "A port of one protocol.", ["protocol": "TCP, UDP or SCTP.", "port": "From 1 to 65535."]),
        "EgressFirewallStatus": TypeText(
            "Whether the rules hold as they are written.",
            ["status": "What became of the rules.", "messages": "What is wrong with them."]),
    ]
}
