/// gabion.io, policies that are tried.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let staging = table([
        kind(package, "StagedPolicy", ["spec": .type("StagedPolicySpec"), "status": .type("StagedPolicyStatus")]),
        kind(
            package, "ClusterStagedPolicy",
            ["spec": .type("ClusterStagedPolicySpec"), "status": .type("StagedPolicyStatus")]),
        type(package, "StagedPolicySpec", ["action": .text, "policy": .manifest]),
        type(package, "ClusterStagedPolicySpec", ["action": .text, "policy": .manifest]),
        type(package, "StagedPolicyStatus", ["conditions": .list(.any)]),
    ])
}
