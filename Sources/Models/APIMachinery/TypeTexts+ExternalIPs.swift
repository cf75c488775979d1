/// gabion.io.
extension TypeTexts {
    static let externalIPs = [
        "ExternalIPPolicy": TypeText(
            "Which addresses from outside the cluster services may choose, and which they are given. Without any policy, none."
                + " Several add up; what one rejects nobody may have. Addresses of pods and services are never allowed."
        ),
        "ExternalIPPolicySpec": TypeText(
            "What is allowed, what is not, and what is given.",
            [
                "allowedCIDRs":
                    "What services may choose for spec.externalIPs and spec.loadBalancerIP.",
                "rejectedCIDRs": "What no service may have, whatever other policies say.",
                "autoAssignCIDRs":
                    "What services of type LoadBalancer are given addresses of; they may choose one of them for"
                    + " spec.loadBalancerIP.",
            ]),
        "ExternalIPPolicyStatus": TypeText(
            "What the controller found.",
            [
                "conditions": "Whether the policy holds as it is written.",
                "assigned": "How many addresses of autoAssignCIDRs services have.",
            ]),
    ]
}
