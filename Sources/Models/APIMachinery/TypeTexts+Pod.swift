/// core/v1 Pod.
extension TypeTexts {
    static let pods = [
        "Pod": TypeText("Containers that run together on one node and share one network address."),
        "PodSpec": TypeText(
            "What runs in a pod, and how.",
            [
                "volumes": "The volumes that its containers can mount.",
                "initContainers": "Containers that run one after the other before the others start.",
                "containers": "The containers; at least one.",
                "ephemeralContainers": "Containers that were added to look into the running pod.",
                "restartPolicy": "Always, OnFailure or Never.",
                "terminationGracePeriodSeconds": "How many seconds it has to end.",
                "activeDeadlineSeconds": "For how many seconds it may run.",
                "dnsPolicy": "Where its names are looked up: ClusterFirst, ClusterFirstWithHostNet, Default or None.",
                "dnsConfig": "Further settings for looking up names.",
                "nodeSelector": "Labels that its node must have.",
                "serviceAccountName": "The ServiceAccount that it runs as.",
                "serviceAccount": "An older name of `serviceAccountName`.",
                "automountServiceAccountToken": "Whether it gets a token of its account as a file.",
                "nodeName": "The node that it is on; empty until it has one.",
                "hostNetwork": "True to use the node's network: policies then see the node, not the pod.",
                "hostPID": "True to see the node's processes.", "hostIPC": "True to share the node's memory segments.",
                "hostUsers": "False to have users of its own.",
                "shareProcessNamespace": "True to let its containers see each other's processes.",
                "securityContext": "Users, groups and kernel settings for all its containers.",
                "imagePullSecrets": "The Secrets with which its images are fetched.",
                "hostname": "Its host name; the pod's name when absent.", "subdomain": "The domain of its host name.",
                "setHostnameAsFQDN": "True to give its kernel the whole domain name as host name.",
                "affinity": "Which nodes and neighbours it wants or avoids.",
                "schedulerName": "Who chooses its node.", "tolerations": "The taints of nodes that it accepts.",
                "hostAliases": "Further lines of its /etc/hosts.", "priorityClassName": "How important it is, by name.",
                "priority": "How important it is, as a number.", "preemptionPolicy": "Whether it may displace others.",
                "readinessGates": "Conditions that must hold before it counts as ready.",
                "runtimeClassName": "How its containers are run.", "overhead": "What running it costs besides.",
                "enableServiceLinks": "Whether its containers learn of services by environment variables.",
                "topologySpreadConstraints": "How pods like it are spread over the cluster.",
                "os": "The operating system that it needs.",
                "schedulingGates": "What must be taken away before a node is chosen.",
                "resourceClaims": "Devices that it uses.", "resources": "What all its containers together may use.",
            ]),
        "Volume": TypeText(
            "A volume of a pod: its name and one source.",
            Dictionary(uniqueKeysWithValues: TypeTable.legacyVolumeSources.map { ($0, "A volume of an older kind.") })
                .merging(volumeSources) { own, _ in own }),
        "Toleration": TypeText(
            "Taints that a pod accepts.",
            [
                "key": "The taint's name; empty with Exists for all.", "operator": "Equal or Exists.",
                "value": "The taint's value, with Equal.", "effect": "The taint's effect; empty for all.",
                "tolerationSeconds": "For how many seconds a NoExecute taint is accepted.",
            ]),
        "HostAlias": TypeText("A line of /etc/hosts.", ["ip": "The address.", "hostnames": "Its names."]),
    ]

    static let containers = [
        "Container": TypeText(
            "One program of a pod.",
            [
                "name": "The container's name, unique in the pod.", "image": "The image that it runs.",
                "command": "What is run instead of the image's entry point.", "args": "The arguments.",
                "workingDir": "The folder that it starts in.",
                "ports":
                    "The ports that it listens at. Policies find named ports here; ports that are not listed can be"
                    + " reached too.",
                "envFrom": "Where environment variables come from, all at once.", "env": "Environment variables.",
                "resources": "What it may use.", "resizePolicy": "What happens when that changes.",
                "restartPolicy": "Always for a container that starts first and keeps running.",
                "restartPolicyRules": "When it is restarted, by exit code.", "volumeMounts": "Where volumes appear.",
                "volumeDevices": "Where raw devices appear.", "livenessProbe": "How it shows that it still works.",
                "readinessProbe": "How it shows that it can take traffic.",
                "startupProbe": "How it shows that it has started.",
                "lifecycle": "What is done after its start and before its end.",
                "terminationMessagePath": "The file in which it says why it ended.",
                "terminationMessagePolicy": "File, or FallbackToLogsOnError.",
                "imagePullPolicy": "Always, IfNotPresent or Never.",
                "securityContext": "Users, rights and kernel settings.", "stdin": "True to keep standard input open.",
                "stdinOnce": "True to close it after the first client.", "tty": "True to give it a terminal.",
                "targetContainerName": "The container that an ephemeral one looks into.",
            ]),
        "ContainerPort": TypeText(
            "A port that a container listens at.",
            [
                "name": "The name by which services and policies refer to it.",
                "hostPort": "The same port on the node.",
                "containerPort": "The port's number.", "protocol": "TCP, UDP or SCTP; TCP when absent.",
                "hostIP": "The address of the node that `hostPort` is at.",
            ]),
        "EnvVar": TypeText(
            "An environment variable.",
            ["name": "The variable's name.", "value": "Its value.", "valueFrom": "Where its value comes from."]),
        "VolumeMount": TypeText(
            "Where a container sees a volume.",
            [
                "name": "The volume's name.", "readOnly": "True to forbid writing.",
                "recursiveReadOnly": "Whether that holds for what is mounted inside.",
                "mountPath": "The folder in the container.", "subPath": "The part of the volume.",
                "mountPropagation": "Whether later mounts are seen on the other side.",
                "subPathExpr": "The part of the volume, with environment variables in it.",
            ]),
    ]

    static let podStatus = [
        "PodStatus": TypeText(
            "What became of a pod.",
            [
                "phase": "Pending, Running, Succeeded, Failed or Unknown.",
                "observedGeneration": "The generation that this was found for.",
                "message": "Why, for people.", "reason": "Why, as one word in CamelCase.",
                "nominatedNodeName": "The node that is being freed for it.", "hostIP": "The node's address.",
                "hostIPs": "The node's addresses.",
                "podIP": "The pod's address, under which policies know it; the first of `podIPs`.",
                "podIPs": "The pod's addresses, at most one for each family.", "startTime": "When its node took it.",
                "initContainerStatuses": "What became of its init containers.",
                "containerStatuses": "What became of its containers.",
                "ephemeralContainerStatuses": "What became of its ephemeral containers.",
                "qosClass": "How safe its resources are: Guaranteed, Burstable or BestEffort.",
                "resize": "How far a change of its resources is.", "resourceClaimStatuses": "The devices that it got.",
            ]),
        "PodIP": TypeText("An address.", ["ip": "The address."]),
        "ContainerStatus": TypeText(
            "What became of a container.",
            [
                "name": "The container's name.", "state": "Waiting, running or terminated, with details.",
                "lastState": "How the run before ended.", "ready": "Whether it takes traffic.",
                "restartCount": "How often it was restarted.", "image": "The image that it runs.",
                "imageID": "The exact image.", "containerID": "How the runtime names it.",
                "started": "Whether its start is over.", "resources": "What it may use now.",
                "allocatedResources": "What the node has set aside for it.", "volumeMounts": "What is mounted in it.",
                "user": "The user that it runs as.",
            ]),
    ]

    private static let volumeSources = [
        "name": "The volume's name.", "hostPath": "A file or folder of the node.",
        "emptyDir": "A folder that lives as long as the pod.", "configMap": "The data of a ConfigMap as files.",
        "secret": "The data of a Secret as files.", "projected": "Several sources in one folder.",
        "downwardAPI": "Facts about the pod as files.", "persistentVolumeClaim": "A volume that was claimed.",
        "nfs": "A folder of an NFS server.", "csi": "A volume of a storage driver.",
        "ephemeral": "A volume that is claimed for this pod alone.", "image": "The files of an image.",
        "iscsi": "An iSCSI disk.", "fc": "A Fibre Channel disk.",
    ]
}
