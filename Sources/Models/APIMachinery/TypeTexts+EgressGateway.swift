/// gabion.io.
extension TypeTexts {
    static let egressGateway = [
        "EgressGateway": TypeText(
            "Ports of the Service of the same name, each led to destinations outside by the pods that serve it."),
        "EgressGatewaySpec": TypeText("Which ports lead where.", ["ports": "The ports."]),
        "EgressGatewayPort": TypeText(
            "A port; either redirect or connect says where it leads.",
            [
                "port": "What pods connect to.", "protocol": "TCP unless said, or UDP.",
                "redirect": "One destination, for whatever is spoken.",
                "connect": "An HTTP proxy that takes CONNECT to what it names.",
            ]),
        "EgressRedirect": TypeText(
            "A destination outside: an address or a host.",
            [
                "address": "An address; none of the cluster, of private networks or of metadata.",
                "host": "A name, which the gateway looks up and follows as it changes.", "port": "The port there.",
            ]),
        "EgressConnect": TypeText(
            "What may be asked for.", ["allow": "All that is let through; everything else gets 403."]),
        "EgressConnectRule": TypeText(
            "Names or addresses, with ports.",
            [
                "host": "A name; *. before it is one label more, **. at least one more.",
                "cidr": "Addresses that clients ask for as such, not by name.", "ports": "The ports there.",
            ]),
        "EgressGatewayStatus": TypeText(
            "What the gateway's pods say.",
            ["conditions": "Whether it is served as it is written.", "gateways": "The pods."]),
        "EgressGatewayPod": TypeText(
            "What a pod says of itself.",
            [
                "pod": "Its name.", "ready": "Whether it serves what the object says.",
                "since": "Since when.", "message": "Why it does not.",
            ]),
    ]
}
