/// gabion.io.
extension TypeTexts {
    static let zones = [
        "Zone": TypeText(
            "A network zone as firewalls draw them. Between zones nothing passes but what holes let through; inside a zone,"
                + " and behind a hole, the other policies decide. As soon as there is one zone, pods that belong to no"
                + " zone, or to several, are closed."),
        "ZoneSpec": TypeText(
            "Who is in a zone, and the ways into it.",
            [
                "order": "The zone's place between outside (0) and inside; for people and reports.",
                "namespaceSelector": "The namespaces whose pods are members; without it, no pods are.",
                "nodeSelector": "The nodes that are members, with their host network; without it, none are.",
                "cidrs": "Hosts outside the cluster that are members.",
                "external":
                    "Whether traffic with what is in no zone may touch this one: Deny, or Allow, which leaves it to the"
                    + " other policies.",
                "externalNames":
                    "Names of hosts outside that the zone's pods may reach although external is Deny, as far as the other"
                    + " policies let them: '*.' and a name for one label more, '**.' for at least one.",
                "holes": "The ways into this zone from others.",
                "egress": "With which addresses the zone's pods leave the cluster.",
            ]),
        "ZoneEgress": TypeText(
            "The zone's own way out: what its pods send out of the cluster has one of these source addresses, or is"
                + " dropped.",
            [
                "addresses": "The source addresses; connections are spread over them.",
                "nodeSelector":
                    "The nodes that may hold them; without it, those with the label k8s.ovn.org/egress-assignable.",
            ]),
        "ZoneHole": TypeText(
            "A way from another zone into this one. What passes is still judged by all other policies.",
            [
                "name": "A name for reports, unique in the zone.", "from": "Who may come.",
                "to": "Which members may be reached; without it, all.",
                "ports": "The ports that may be reached; without it, all, and ICMP too.",
                "owner": "Who answers for the hole.", "reason": "What the hole is for.",
                "expires": "When the hole closes by itself, such as 2026-12-31T18:00:00Z.",
            ]),
        "ZoneSource": TypeText(
            "Members of another zone; with a selector, only pods.",
            [
                "zone": "The other zone's name.", "namespaceSelector": "Only pods of its namespaces with these labels.",
                "podSelector": "Only pods with these labels.",
            ]),
        "ZoneTarget": TypeText(
            "Members of the zone that has the hole; with a selector, only pods.",
            [
                "namespaceSelector": "Only pods of namespaces with these labels.",
                "podSelector": "Only pods with these labels.",
            ]),
        "ZoneStatus": TypeText(
            "What the controller found.",
            [
                "conditions": "Whether the zone holds as it is written, and whether members are in other zones too.",
                "namespaces": "How many namespaces are members.", "pods": "How many pods are members.",
                "nodes": "How many nodes are members.",
            ]),
    ]
}
