extension KnownDifference {
    /// What is meant to be so.
    static let ofPurpose: [KnownDifference] = [
        KnownDifference(
            "Who has no credentials is nobody: 401, with `WWW-Authenticate`. A wrong token is refused even"
                + " beside a certificate.",
            why: "there is no anonymous user; a forgotten token is to be noticed",
            "access / * without credentials / status", "access / a password / status", "access / *www-authenticate",
            "access / a wrong token beside a certificate / status"),
        KnownDifference(
            "Reviews of access do not say which role allowed it; `/api` names the address that was asked.",
            why: "roles are built in; there is one address",
            "access / ask for a path / body.status.reason", "access / discover / body.serverAddressByClientCIDRs*"),
        KnownDifference(
            "Objects in lists carry their kind and apiVersion.",
            why: "their stored bytes are copied; clients ignore it",
            "reading / *].kind", "reading / *].apiVersion", "reading / * / body.\"items\" 4.*", "forms / *].kind",
            "forms / *].apiVersion", "deleting / *].kind", "deleting / *].apiVersion"),
        KnownDifference(
            "No admission plugins: no service account and token in pods, no default tolerations, priorities and"
                + " taints.",
            why: "their objects mean nothing to a network",
            "patching / a toleration more / *", "kinds / a pod / body.spec.*", "kinds / another account / status",
            "kinds / a node / body.spec.taints", "updating / all but the status / status"),
        KnownDifference(
            "Pods go at once, whatever their grace.", why: "there is no kubelet to wait for",
            "deleting / a pod * / *deletion*", "deleting / without grace / status"),
        KnownDifference(
            "Members that say nothing (null, zero, empty) are left out.",
            why: "Go's structs write them; they mean absent",
            "applying / a pod's condition / *Time", "definitions / the list of none / body.metadata.continue",
            "forms / without objects / body.rows*.object", "kinds / a node / body.status",
            "kinds / an ingress / body.status",
            "kinds / an event / body.*"),
        KnownDifference(
            "A fault of the client is 4xx where the real server says 500, or 400 where it says 422 of a patch.",
            why: "clients repeat what they take for the server's fault",
            "applying / another kind / status", "applying / a field that there is not / status",
            "applying / a wrong type / status", "applying / a port twice / status",
            "creating / with a version / status",
            "deleting / no JSON / status", "deleting / unknown options / status", "patching / merge * / status",
            "patching / a value of the wrong type / status", "patching / an unknown * / status",
            "patching / a container without a name / status", "reading / a version that is no number / status",
            "updating / a version that is no number / status", "watching / a version that is none / status",
            "definitions / another kind / status", "watching / no flag / status"),
        KnownDifference(
            "What is said of texts that are no documents, of wrong types and of unknown media is in our words,"
                + " and never shows"
                + " structs of Go; patches that fail say why.",
            why: "theirs are those of Go's libraries",
            "applying / *message*", "applying / *causes*", "creating / *message", "definitions / *message*",
            "definitions / *causes*", "forms / *message", "forms / XML / body.details", "patching / *message",
            "patching / *details*", "reading / a continuation that nobody gave / body.message",
            "updating / another uid / body.message", "deleting / one more finalizer for what is going / body.message"),
    ]
}
