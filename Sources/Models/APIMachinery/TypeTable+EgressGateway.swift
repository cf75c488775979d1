/// gabion.io, services led outside.
extension TypeTable {
    private static let package = "io.gabion.v1"

    static let egressGateway = table([
        kind(
            package, "EgressGateway", ["spec": .type("EgressGatewaySpec"), "status": .type("EgressGatewayStatus")]),
        type(package, "EgressGatewaySpec", ["ports": .list("EgressGatewayPort")]),
        type(
            package, "EgressGatewayPort",
            [
                "port": .integer, "protocol": .text, "redirect": .type("EgressRedirect"),
                "connect": .type("EgressConnect"),
            ]),
        type(package, "EgressRedirect", ["address": .text, "host": .text, "port": .integer]),
        type(package, "EgressConnect", ["allow": .list("EgressConnectRule")]),
        type(package, "EgressConnectRule", ["host": .text, "cidr": .text, "ports": .list(.integer)]),
        type(package, "EgressGatewayStatus", ["conditions": .list(.any), "gateways": .list("EgressGatewayPod")]),
        type(package, "EgressGatewayPod", ["pod": .text, "ready": .flag, "since": .text, "message": .text]),
    ])
}
