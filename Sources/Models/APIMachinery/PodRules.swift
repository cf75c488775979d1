import ClusterAPI
import NetworkTypes

/// Defaults of Pod (kubernetes `pkg/apis/core/v1/defaults.go`).
enum PodRules {
    static func setDefaults(_ object: inout JSONValue) {
        if var spec = object["spec"], spec.object != nil {
            for (field, value) in specDefaults where spec[field] == nil { spec[field] = value }
            let isHostNetwork = spec["hostNetwork"]?.bool == true
            for list in ["initContainers", "containers"] {
                guard let containers = spec[list]?.array else { continue }
                spec[list] = .array(containers.map { withDefaults($0, isHostNetwork: isHostNetwork) })
            }
            object["spec"] = spec
        }
        setStatusDefaults(&object)
    }

    private static let specDefaults: [String: JSONValue] = [
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "terminationGracePeriodSeconds": 30,
        "schedulerName": "default-scheduler", "securityContext": [:], "enableServiceLinks": true,
    ]

    private static func withDefaults(_ container: JSONValue, isHostNetwork: Bool) -> JSONValue {
        var container = container
        let image = container["image"]?.string ?? ""
        let defaults: [String: JSONValue] = [
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": [:],
            "imagePullPolicy": isFloating(image) ? "Always" : "IfNotPresent",
        ]
        for (field, value) in defaults where container[field] == nil { container[field] = value }
        container["resources"] = container["resources"].map(PodResources.withDefaults)
        guard let ports = container["ports"]?.array else { return container }
        container["ports"] = .array(
            ports.map { port in
                var port = port
                if port["protocol"] == nil { port["protocol"] = "TCP" }
                if isHostNetwork, port["hostPort"] == nil { port["hostPort"] = port["containerPort"] }
                return port
            })
        return container
    }

    /// True for an image whose content may change under its name: `latest`, or no tag and no digest.
    private static func isFloating(_ image: String) -> Bool {
        if image.contains("@") { return false }
        let name = image.split(separator: "/").last ?? ""
        guard let colon = name.firstIndex(of: ":") else { return true }
        return name[name.index(after: colon)...] == "latest"
    }

    /// A pod without a status waits; `podIP` and `podIPs` say the same, and `podIP` is right when they differ.
    private static func setStatusDefaults(_ object: inout JSONValue) {
        var status = object["status"]?.object ?? [:]
        if status["phase"] == nil { status["phase"] = "Pending" }
        if status["qosClass"] == nil { status["qosClass"] = .string(PodResources.quality(of: object["spec"])) }
        let first = status["podIPs"]?.array?.first?["ip"]
        if let address = status["podIP"]?.string, !address.isEmpty {
            if first?.string != address { status["podIPs"] = [["ip": .string(address)]] }
        } else if let first {
            status["podIP"] = first
        }
        object["status"] = .object(status)
    }
}
