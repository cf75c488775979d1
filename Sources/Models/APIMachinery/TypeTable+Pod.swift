/// core/v1 Pod.
///
/// Parts that no network reads are kept as they are.
extension TypeTable {
    private static let podPackage = "io.k8s.api.core.v1"

    static let podParts = table(podTypes + containerTypes + statusTypes)

    private static let podTypes = [
        kind(podPackage, "Pod", ["spec": .type("PodSpec"), "status": .type("PodStatus")]),
        type(
            podPackage, "PodSpec",
            [
                "volumes": .list("Volume", by: "name"), "initContainers": .list("Container", by: "name"),
                "containers": .list("Container", by: "name"), "ephemeralContainers": .list("Container", by: "name"),
                "restartPolicy": .text, "terminationGracePeriodSeconds": .integer, "activeDeadlineSeconds": .integer,
                "dnsPolicy": .text, "nodeSelector": .map(.text), "serviceAccountName": .text, "serviceAccount": .text,
                "automountServiceAccountToken": .flag, "nodeName": .text, "hostNetwork": .flag, "hostPID": .flag,
                "hostIPC": .flag, "shareProcessNamespace": .flag, "securityContext": .any,
                "imagePullSecrets": .list("LocalObjectReference", by: "name"), "hostname": .text, "subdomain": .text,
                "affinity": .any, "schedulerName": .text, "tolerations": .list("Toleration"),
                "hostAliases": .list("HostAlias", by: "ip"), "priorityClassName": .text, "priority": .integer,
                "dnsConfig": .any, "readinessGates": .list(.any), "runtimeClassName": .text,
                "enableServiceLinks": .flag,
                "preemptionPolicy": .text, "overhead": .any,
                "topologySpreadConstraints": .list(.any, .keyed("topologyKey")), "setHostnameAsFQDN": .flag, "os": .any,
                "hostUsers": .flag, "schedulingGates": .list(.any, .keyed("name")),
                "resourceClaims": .list(.any, .keyed("name")), "resources": .any,
            ]),
        type(
            podPackage, "Volume", open: true,
            volumeSources.reduce(into: ["name": .text]) { $0[$1] = .any }),
        type(
            podPackage, "Toleration",
            ["key": .text, "operator": .text, "value": .text, "effect": .text, "tolerationSeconds": .integer]),
        type(podPackage, "HostAlias", ["ip": .text, "hostnames": .texts]),
    ]

    private static let volumeSources =
        legacyVolumeSources + [
            "hostPath", "emptyDir", "configMap", "secret", "projected", "downwardAPI", "persistentVolumeClaim", "nfs",
            "csi",
            "ephemeral", "image", "iscsi", "fc",
        ]
    /// Volumes of single vendors, which storage drivers have taken over.
    static let legacyVolumeSources = [
        "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "flexVolume", "flocker",
        "gcePersistentDisk", "gitRepo", "glusterfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd",
        "scaleIO", "storageos", "vsphereVolume",
    ]

    private static let containerTypes = [
        type(
            podPackage, "Container",
            [
                "name": .text, "image": .text, "command": .texts, "args": .texts, "workingDir": .text,
                "ports": .list("ContainerPort", by: "containerPort"), "envFrom": .list(.any),
                "env": .list("EnvVar", by: "name"), "resources": .any, "resizePolicy": .list(.any),
                "restartPolicy": .text, "restartPolicyRules": .list(.any),
                "volumeMounts": .list("VolumeMount", by: "mountPath"),
                "volumeDevices": .list(.any, .keyed("devicePath")), "livenessProbe": .any, "readinessProbe": .any,
                "startupProbe": .any, "lifecycle": .any, "terminationMessagePath": .text,
                "terminationMessagePolicy": .text, "imagePullPolicy": .text, "securityContext": .any, "stdin": .flag,
                "stdinOnce": .flag, "tty": .flag, "targetContainerName": .text,
            ]),
        type(
            podPackage, "ContainerPort",
            ["name": .text, "hostPort": .integer, "containerPort": .integer, "protocol": .text, "hostIP": .text]),
        type(podPackage, "EnvVar", ["name": .text, "value": .text, "valueFrom": .any]),
        type(
            podPackage, "VolumeMount",
            [
                "name": .text, "readOnly": .flag, "recursiveReadOnly": .text, "mountPath": .text, "subPath": .text,
                "mountPropagation": .text, "subPathExpr": .text,
            ]),
    ]

    private static let statusTypes = [
        type(
            podPackage, "PodStatus",
            [
                "phase": .text, "observedGeneration": .integer, "conditions": .list("Condition", by: "type"),
                "message": .text, "reason": .text, "nominatedNodeName": .text, "hostIP": .text,
                "hostIPs": .list("PodIP", by: "ip"), "podIP": .text, "podIPs": .list("PodIP", by: "ip"),
                "startTime": .time, "initContainerStatuses": .list("ContainerStatus"),
                "containerStatuses": .list("ContainerStatus"), "ephemeralContainerStatuses": .list("ContainerStatus"),
                "qosClass": .text, "resize": .text, "resourceClaimStatuses": .list(.any, .keyed("name")),
            ]),
        type(podPackage, "PodIP", ["ip": .text]),
        type(
            podPackage, "ContainerStatus", open: true,
            [
                "name": .text, "state": .any, "lastState": .any, "ready": .flag, "restartCount": .integer,
                "image": .text, "imageID": .text, "containerID": .text, "started": .flag, "resources": .any,
                "allocatedResources": .any, "volumeMounts": .list(.any), "user": .any,
            ]),
    ]
}
