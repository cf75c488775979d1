extension KnownDifference {
    /// What is not made, or not worth it.
    static let ofLimits: [KnownDifference] = [
        KnownDifference(
            "`y` and `n` in YAML are texts.", why: "a field or namespace may be called so; YAML 1.2 has it so",
            "applying / as YAML / *"),
        KnownDifference(
            "Discovery has no hashes of storage versions and does not list `finalize` and `binding`.",
            why: "only migrations of storage ask",
            "discovery / *.storageVersionHash", "definitions / it is served / *storageVersionHash",
            "discovery / core resources / *{\"name\": \"namespaces/finalize\"}",
            "discovery / core resources / *{\"name\": \"pods/binding\"}"),
        KnownDifference(
            "OpenAPI: not all required fields, one key for lists that have two, whole numbers are int64,"
                + " numbers-or-names are"
                + " described in their place.",
            why: "the server finds what is missing, and `kubectl explain` shows the same but for some `-required-`",
            "discovery / what explains a map / *"),
        KnownDifference(
            "A client's `generation` is set aside and `clusterName` is kept; base64 that is none is 422, not 400.",
            why: "no client sends them",
            "creating / with a uid and times of its own / *", "creating / no base64 / status"),
        KnownDifference(
            "Objects that never named an owner belong to `before-first-apply`, not to the program that made them.",
            why: "owners of everything would double the objects",
            "applying / onto one that was made plainly / body.message"),
        KnownDifference(
            "Custom resources may leave out their kind; there is no `scale`, and a `status` that is none apart"
                + " is 404 without"
                + " the object's name.",
            why: "no client does, or asks",
            "definitions / no kind / status", "definitions / its scale / *", "definitions / no status apart / *"),
        KnownDifference(
            "Columns are described in our words.", why: "nobody shows them",
            "definitions / a table of gates / body.columnDefinitions*"),
        KnownDifference(
            "`Accept` is read kindly: `application/*` is JSON, and lists and objects are told apart by themselves.",
            why: "it harms nobody",
            "forms / any text / status", "forms / metadata of * / status"),
        KnownDifference(
            "The last state of what goes is that after its last change, in DELETED and in answers; an object can"
                + " be watched by its path, `/api/v1/watch` is"
                + " not served, a bookmark comes before every end, a version to come is 504.",
            why: "as later versions, or old ways that no client goes",
            "watching / *finalizers", "deleting / *resourceVersion", "watching / one by its path / status",
            "watching / the old way / status",
            "watching / with bookmarks / events", "watching / too far ahead / status",
            "reading / exactly a version to come / status"),
        KnownDifference(
            "A namespace in a Namespace is refused; a terminating one has a grace of 0.", why: "it is nowhere",
            "namespaces / with a namespace / status", "namespaces / delete / body.metadata.deletionGracePeriodSeconds"),
        KnownDifference(
            "A write of `status` changes no labels; another uid in a patch is 409; a node's range can change.",
            why: "as with custom resources; it is a precondition; there is no allocator beside ours",
            "updating / status alone / *", "updating / read the status / *", "patching / merge a uid / status",
            "kinds / another range / status"),
        KnownDifference(
            "`sessionAffinityConfig` has no default, containers need no image, `dnsPolicy` is not checked.",
            why: "no network reads them", "kinds / affinity / body.spec.sessionAffinityConfig",
            "kinds / bad containers / body.details.causes", "kinds / a bad restart policy / *"),
        KnownDifference(
            "Two slashes in a path are one.", why: "it harms nobody", "discovery / two slashes / status"),
    ]
}
