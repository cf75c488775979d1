/// gabion.io.
extension TypeTexts {
    static let failover = [
        "FailoverGroup": TypeText(
            "Addresses that move between nodes: each is held by one of the nodes that are well, spread evenly."),
        "FailoverGroupSpec": TypeText(
            "Which addresses, which nodes, and what must be well.",
            [
                "addresses":
                    "Each an address, a network or a range FIRST-LAST. Append new ones: places in the list are virtual"
                    + " router ids.",
                "nodeSelector": "The nodes that may hold them; without it, all.",
                "interface": "The interface that gets the addresses; without it, the one whose network has them.",
                "firstRouterID":
                    "The virtual router id (1 to 255) of the first address of each family; the others count up. 1 unless"
                    + " said.",
                "advertIntervalMilliseconds":
                    "How often the holder tells the others that it lives; they wait for three of these. 250 unless said.",
                "preemptDelaySeconds":
                    "How long a node that is to have an address waits before it takes it from one that has it. 60 unless"
                    + " said.",
                "authSecretName":
                    "A Secret of kube-system, whose data.key signs what nodes tell each other of IPv4 addresses. Its name"
                    + " begins with gabion-failover-.",
                "healthCheck": "What must be well on the node that holds the addresses.",
                "ports":
                    "What of the node itself may be reached at the addresses; without it, nothing but ICMP. Services are"
                    + " not meant.",
            ]),
        "FailoverHealthCheck": TypeText(
            "What must be well on a node; with both, both.",
            [
                "service": "The node must have a ready endpoint of this Service.",
                "http": "The node must answer this request with 2xx or 3xx.",
            ]),
        "FailoverServiceReference": TypeText(
            "A Service.", ["namespace": "Its namespace.", "name": "Its name."]),
        "FailoverHTTPCheck": TypeText(
            "A request to 127.0.0.1 of the node.",
            [
                "port": "The port.", "path": "The path; / unless said.",
                "intervalMilliseconds": "How often. 500 unless said.",
                "threshold": "How many answers in a row decide, for better or worse. 2 unless said.",
            ]),
        "FailoverPort": TypeText(
            "A port that is open.", ["protocol": "TCP unless said, UDP or SCTP.", "port": "The number."]),
        "FailoverGroupStatus": TypeText(
            "What the nodes say.",
            [
                "conditions": "Whether the group holds as it is written.", "addresses": "Who holds which address.",
            ]),
        "HeldAddress": TypeText(
            "Who holds an address.",
            [
                "address": "The address.", "node": "The node that took it last; none holds it without.",
                "since": "When it took it.", "alsoHeldBy": "Nodes that hold it besides, and do not hear that one.",
            ]),
    ]
}
