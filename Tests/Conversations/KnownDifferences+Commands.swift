extension KnownDifference {
    /// Where kubectl prints something else than beside the recorded server.
    static let ofCommands: [KnownDifference] = [
        KnownDifference(
            "kubectl shows what the rows above tell: our words, absent members, no admission, and what is so since"
                + " later versions.",
            why: "as above",
            "kubectl-apply / a wrong type* / errors*", "kubectl-apply / two bad things / errors *10.0.0.0/99*",
            "kubectl-apply / an unknown field unchecked / errors + Warning*",
            "kubectl-apply / replace one of another uid / errors *",
            "kubectl-change / patch cm a -p {\"data\":{\"two\":2}} / errors *",
            "kubectl-change / patch netpol green --type=json -p * / errors *",
            "kubectl-change / patch netpol green --type=merge -p {\"spec\": / errors *",
            "kubectl-change / patch pod web -p {\"spec\":{\"nodeSelector\"* / errors *Forbidden*",
            "kubectl-create / patch svc svc2 --type=merge *clusterIPs[0]*",
            "kubectl-create / get ingress i -o yaml / output - *",
            "kubectl-create / describe svc lb / output *IP Famil*",
            "kubectl-create / describe node kubectl-node / output *Taints*",
            "kubectl-custom / a field that there is not unchecked / errors + Warning*",
            "kubectl-custom / get wd / errors * the server could not find the requested resource*",
            "kubectl-delete / delete cm -l 'a b' / errors *", "kubectl-get / get cm -l '-a' / errors *",
            "kubectl-describe / *event* / output - *Event Time*", "kubectl-describe / *event* / output - Reporting *",
            "kubectl-describe / get ev web.1 -o yaml / output - *",
            "kubectl-describe / describe ns kubectl-describe / output *Labels*",
            "kubectl-describe / describe pod web / output *Priority*",
            "kubectl-describe / describe pod web / output *Tolerations*",
            "kubectl-describe / describe pod web / output *unreachable*",
            "kubectl-describe / describe svc shop / output *IP Famil*",
            "kubectl-get / get svc shop -o yaml / output + *",
            "kubectl-discover / api-resources -o wide / output *services*"),
        KnownDifference(
            "No workloads, roles, quotas, limits and component statuses; kubectl says that there is no such kind.",
            why: "they are nothing of a network",
            "kubectl-change / rollout status deployment/none / errors *", "kubectl-create / create quota q / *",
            "kubectl-custom / scale wd a * / errors *", "kubectl-describe / describe ns * / output - No *",
            "kubectl-describe / describe ns * / output - ", "kubectl-discover / get componentstatuses *",
            "kubectl-discover / get deployments / *", "kubectl-discover / get roles / *"),
        KnownDifference(
            "`kubectl exec`, `attach` and `cp` are 404 for every pod.", why: "no kubelet is asked",
            "kubectl-change / exec * / errors *", "kubectl-change / attach * / errors *",
            "kubectl-change / cp * / errors *"),
        KnownDifference(
            "Gabion's kinds are there without their definitions, which are refused (409); their columns and findings say"
                + " more, and EgressNetworkPolicies are among them.",
            why: "they are built in",
            "kubectl-custom / apply -f deploy/crds / *", "kubectl-custom / apply them again / *",
            "kubectl-custom / delete -f deploy/crds / *", "kubectl-custom / wait crd/zones* / *",
            "kubectl-custom / get crd zones* / *", "kubectl-custom / get zones* / output *",
            "kubectl-custom / get netnamespaces * / output *", "kubectl-custom / another net id / errors *",
            "kubectl-custom / api-resources --api-group=network.openshift.io / output + egressnetworkpolicies*"),
        KnownDifference(
            "`kubectl auth can-i --list` has each right once.", why: "roles are built in",
            "kubectl-discover / auth can-i --list / output *", "kubectl-discover / what a stranger may / output - *",
            "kubectl-discover / what a stranger may / output + selfsubjectreviews*"),
        KnownDifference(
            "extensions/v1beta1 has NetworkPolicies alone, and short names are told in one group.",
            why: "clients would find them ambiguous", "kubectl-discover / api-resources* / output *events*",
            "kubectl-discover / api-resources* / output *extensions/v1beta1*"),
        KnownDifference(
            "`kubectl explain` has the fields of later versions; all conditions have the same fields, and what is open"
                + " is a map.",
            why: "types are shared by all kinds",
            "kubectl-describe / explain * / output + *endPort*",
            "kubectl-describe / explain * / output + *subresource*",
            "kubectl-custom / explain * / output + *subresource*",
            "kubectl-describe / explain lease.spec / output + *",
            "kubectl-describe / explain ns --recursive / output + *",
            "kubectl-custom / explain wd* / output *status*"),
    ]
}
