/// gabion.io, addresses from outside.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let externalIPs = table([
        kind(
            package, "ExternalIPPolicy",
            ["spec": .type("ExternalIPPolicySpec"), "status": .type("ExternalIPPolicyStatus")]),
        type(
            package, "ExternalIPPolicySpec",
            ["allowedCIDRs": .texts, "rejectedCIDRs": .texts, "autoAssignCIDRs": .texts]),
        type(package, "ExternalIPPolicyStatus", ["conditions": .list(.any), "assigned": .integer]),
    ])
}
