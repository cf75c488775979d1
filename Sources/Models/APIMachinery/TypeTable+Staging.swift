/// gabion.io, policies that are tried.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let staging = table([
        kind(package, "StagedPolicy", ["spec": .type("StagedPolicySpec"), "status": .any]),
        kind(package, "ClusterStagedPolicy", ["spec": .type("ClusterStagedPolicySpec"), "status": .any]),
        type(package, "StagedPolicySpec", ["action": .text, "policy": .manifest]),
        type(package, "ClusterStagedPolicySpec", ["action": .text, "policy": .manifest]),
    ])
}
