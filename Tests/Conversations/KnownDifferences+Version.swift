extension KnownDifference {
    /// What later versions of Kubernetes than the recorded 1.20 do otherwise, and the embedded server with them.
    static let ofVersion: [KnownDifference] = [
        KnownDifference(
            "Namespaces carry the label `kubernetes.io/metadata.name`.", why: "so since 1.21",
            "namespaces / * / body.metadata.labels*", "forms / namespaces / *labels"),
        KnownDifference(
            "Fields that a kind does not have are told in `Warning` headers.", why: "so since 1.25",
            "creating / a field that there is not / warning", "definitions / a gate / warning",
            "definitions / a status / warning", "kinds / an unknown field of a policy / warning"),
        KnownDifference(
            "EndpointSlices are of discovery.k8s.io/v1; their findings are those of v1.",
            why: "v1beta1 is gone since 1.25",
            "discovery / groups / *discovery.k8s.io*", "kinds / a slice / body.apiVersion",
            "kinds / bad addresses / body.details.causes"),
        KnownDifference(
            "Kinds tell their singular names; all services can be deleted at once; a deleted service is answered with.",
            why: "so since 1.27 and 1.23",
            "discovery / *.singularName", "discovery / core resources / *services*.verbs",
            "deleting / all services at once / status", "deleting / a service that goes / *"),
        KnownDifference(
            "Services have `ipFamilies`, `ipFamilyPolicy`, `internalTrafficPolicy` and"
                + " `allocateLoadBalancerNodePorts`.",
            why: "dual stack is on since 1.23",
            "kinds / *ipFamilies", "kinds / *ipFamilyPolicy", "kinds / *internalTrafficPolicy",
            "kinds / a balancer / body.spec.allocateLoadBalancerNodePorts"),
        KnownDifference(
            "A JSON patch must name what is there, and may replace the whole document.",
            why: "the library of 1.20 let it pass, or could not",
            "patching / replace what is not there / status", "patching / remove what is not there / status",
            "patching / the whole document / status"),
        KnownDifference(
            "managedFields name the subresource; pods have a generation; a pod's restarts are a text.",
            why: "so since 1.22 and 1.33",
            "applying / *subresource", "forms / pods* / *generation", "forms / pods* / body.columnDefinitions*type",
            "forms / pods* / *cells*", "updating / a pod / *generation\"", "kinds / a pod / body.metadata.generation"),
        KnownDifference(
            "What is wrong with an element of a list is told with its position.", why: "so since 1.21",
            "definitions / wrong texts / body.details.causes*.field", "definitions / an element without its key / *"),
        KnownDifference(
            "NetworkPolicies are of networking.k8s.io in findings, not of extensions.", why: "mended in 1.21",
            "kinds / bad * / body.details.group", "kinds / too many directions / body.details.group",
            "kinds / bad * / body.message", "kinds / too many directions / body.message"),
        KnownDifference(
            "Findings are in the words of 1.32.", why: "the field and the reason are the same",
            "reading / a selector * / body.message", "reading / an unknown match / *",
            "watching / a selector that is none / body.message", "watching / a match / *",
            "creating / by a writer with too long a name / *message", "kinds / *causes*.message",
            "kinds / traffic that stays for a cluster address / body.message",
            "kinds / an address out of range / body.message",
            "kinds / bad endpoints / body.details.causes", "kinds / a pod's * / *message\"",
            "kinds / another address / body.message", "kinds / no address / body.message",
            "kinds / a balancer's bad status / *",
            "patching / what cannot change of a pod / *"),
        KnownDifference(
            "The body of an API group or kind that there is not is a Status in JSON, not a page of text or a"
                + " list of paths.",
            why: "clients read Status; since 1.22 so for definitions",
            "discovery / * that there is not / *", "discovery / a kind of no group / *",
            "definitions / its objects are gone / *", "definitions / doors in a namespace / *"),
    ]
}
