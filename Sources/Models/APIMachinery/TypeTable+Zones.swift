/// gabion.io.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let zones = table([
        kind(package, "Zone", ["spec": .type("ZoneSpec"), "status": .type("ZoneStatus")]),
        type(
            package, "ZoneSpec",
            [
                "order": .integer, "namespaceSelector": .type("LabelSelector"),
                "nodeSelector": .type("LabelSelector"), "cidrs": .texts, "external": .text,
                "externalNames": .texts, "holes": .list("ZoneHole"),
                "egress": .type("ZoneEgress"),
            ]),
        type(package, "ZoneEgress", ["addresses": .texts, "nodeSelector": .type("LabelSelector")]),
        type(
            package, "ZoneHole",
            [
                "name": .text, "from": .type("ZoneSource"), "to": .type("ZoneTarget"),
                "ports": .list("NetworkPolicyPort"), "owner": .text, "reason": .text, "expires": .text,
            ]),
        type(
            package, "ZoneSource",
            ["zone": .text, "namespaceSelector": .type("LabelSelector"), "podSelector": .type("LabelSelector")]),
        type(
            package, "ZoneTarget",
            ["namespaceSelector": .type("LabelSelector"), "podSelector": .type("LabelSelector")]),
        type(
            package, "ZoneStatus",
            [
                "conditions": .list(.any), "namespaces": .integer, "pods": .integer, "nodes": .integer,
            ]),
    ])
}
