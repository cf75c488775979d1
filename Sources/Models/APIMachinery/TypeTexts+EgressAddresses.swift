/// Texts about the source addresses of what leaves the cluster.
extension TypeTexts {
    static let egressAddresses = [
        "EgressIP": TypeText("The addresses with which the pods of some namespaces appear outside."),
        "EgressIPSpec": TypeText(
            "Which addresses, and of which pods.",
            [
                "egressIPs": "The addresses; each is at one node with the label k8s.ovn.org/egress-assignable.",
                "namespaceSelector": "The namespaces whose pods are meant.",
                "podSelector": "Which of their pods; without it, all.",
            ]),
        "EgressIPStatus": TypeText("Where the addresses are.", ["items": "Which node has which address."]),
        "EgressIPItem": TypeText("An address at a node.", ["node": "The node.", "egressIP": "The address."]),
        "EgressNode": TypeText(
            "Which egress addresses a node holds; made by the controller for nodes that may hold some."),
        "EgressNodeSpec": TypeText(
            "What the controller decided.",
            [
                "addresses": "What the node is to hold.",
                "releasing": "What it is to let go; nobody else has these before it has.",
                "witnesses": "Who acknowledges that it lives: nodes, and api, the API server itself.",
            ]),
        "EgressNodeStatus": TypeText(
            "What the node says, and its witnesses.",
            [
                "term": "Counts the claims of the node.",
                "witnesses": "The witnesses that it counts on.",
                "held": "What it may have on its interfaces.",
                "networks": "The networks of its interfaces, which an address must be of.",
                "silentTo": "The witnesses that do not hear it.",
                "witnessTerms": "Counts how often each witness began to acknowledge.",
                "problems": "What it cannot do.",
            ]),
        "EgressHolding": TypeText(
            "An address at the node.", ["address": "The address.", "since": "Since when it has it."]),
    ]
}
