/// gabion.io, addresses that move between nodes.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let failover = table([
        kind(
            package, "FailoverGroup",
            ["spec": .type("FailoverGroupSpec"), "status": .type("FailoverGroupStatus")]),
        type(
            package, "FailoverGroupSpec",
            [
                "addresses": .texts, "nodeSelector": .type("LabelSelector"), "interface": .text,
                "firstRouterID": .integer, "advertIntervalMilliseconds": .integer, "preemptDelaySeconds": .integer,
                "authSecretName": .text, "healthCheck": .type("FailoverHealthCheck"), "ports": .list("FailoverPort"),
            ]),
        type(
            package, "FailoverHealthCheck",
            ["service": .type("FailoverServiceReference"), "http": .type("FailoverHTTPCheck")]),
        type(package, "FailoverServiceReference", ["namespace": .text, "name": .text]),
        type(
            package, "FailoverHTTPCheck",
            ["port": .integer, "path": .text, "intervalMilliseconds": .integer, "threshold": .integer]),
        type(package, "FailoverPort", ["protocol": .text, "port": .integer]),
        type(package, "FailoverGroupStatus", ["conditions": .list(.any), "addresses": .list("HeldAddress")]),
        type(
            package, "HeldAddress",
            ["address": .text, "node": .text, "since": .text, "alsoHeldBy": .texts]),
    ])
}
