/// gabion.io, policies that are tried.
extension TypeTexts {
    private static let action =
        "Set (when absent): the policy is there, in the place of the enforced one with its name. Delete: the enforced one"
        + " with its name is not there."

    static let staging = [
        "StagedPolicy": TypeText(
            "A NetworkPolicy of this namespace that is tried without being enforced: flows are judged by it, too, and the"
                + " flow log shows what it would allow and deny."),
        "ClusterStagedPolicy": TypeText(
            "A policy of the whole cluster that is tried without being enforced: flows are judged by it, too, and the flow"
                + " log shows what it would allow and deny."),
        "StagedPolicySpec": TypeText(
            "What is tried.",
            [
                "action": action,
                "policy":
                    "The manifest of a NetworkPolicy: apiVersion, kind, metadata and spec. Without a name it has the name of"
                    + " this object.",
            ]),
        "ClusterStagedPolicySpec": TypeText(
            "What is tried.",
            [
                "action": action,
                "policy":
                    "The manifest of an AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy, Zone or"
                    + " MetadataAccess: apiVersion, kind, metadata and spec. Without a name it has the name of this"
                    + " object.",
            ]),
        "StagedPolicyStatus": TypeText(
            "What the controller found.",
            ["conditions": "Whether what is tried would hold as it is written, and if not, why."]),
    ]
}
