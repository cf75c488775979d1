import ClusterAPI
import NetworkTypes

/// Validation of Pod (kubernetes `pkg/apis/core/validation`), as far as a network goes.
///
/// A container without an image is accepted: nothing here pulls images.
extension PodRules {
    static func errors(in object: JSONValue) -> [FieldError] {
        let spec = object["spec"] ?? [:]
        var errors: [FieldError] = []
        if spec["containers"]?.array?.isEmpty != false { errors.append(.required("spec.containers")) }
        var names: Set<String> = []
        for list in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.array ?? []).enumerated() {
                errors += containerErrors(container, "spec.\(list)[\(index)]", spec, &names)
            }
        }
        let policies = ["Always", "OnFailure", "Never"]
        if let policy = spec["restartPolicy"], !policies.contains(policy.string ?? "") {
            errors.append(.notSupported("spec.restartPolicy", policy, policies))
        }
        if let node = spec["nodeName"]?.string, !node.isEmpty {
            errors += NameRules.dns1123Subdomain(node).map { .invalid("spec.nodeName", .string(node), $0) }
        }
        errors += MetadataRules.labelErrors(spec["nodeSelector"]?.object ?? [:], "spec.nodeSelector")
        for (index, entry) in (object["status"]?["podIPs"]?.array ?? []).enumerated() {
            errors += AddressRules.address(entry["ip"]?.string ?? "", "status.podIPs[\(index)]")
        }
        return errors
    }

    private static func containerErrors(
        _ container: JSONValue, _ field: String, _ spec: JSONValue, _ names: inout Set<String>
    ) -> [FieldError] {
        var errors: [FieldError] = []
        let name = container["name"]?.string ?? ""
        if name.isEmpty {
            errors.append(.required("\(field).name"))
        } else {
            errors += NameRules.dns1123Label(name).map { .invalid("\(field).name", .string(name), $0) }
            if !names.insert(name).inserted { errors.append(.duplicate("\(field).name", .string(name))) }
        }
        var portNames: Set<String> = []
        for (index, port) in (container["ports"]?.array ?? []).enumerated() {
            errors += portErrors(port, "\(field).ports[\(index)]", spec, &portNames)
        }
        return errors
    }

    private static func portErrors(
        _ port: JSONValue, _ field: String, _ spec: JSONValue, _ names: inout Set<String>
    ) -> [FieldError] {
        var errors: [FieldError] = []
        if let name = port["name"]?.string, !name.isEmpty {
            let problems = NameRules.portName(name)
            errors += problems.map { .invalid("\(field).name", .string(name), $0) }
            if problems.isEmpty, !names.insert(name).inserted {
                errors.append(.duplicate("\(field).name", .string(name)))
            }
        }
        let number = port["containerPort"]?.int ?? 0
        if number == 0 {
            errors.append(.required("\(field).containerPort"))
        } else {
            errors += PortRules.number(number).map { .invalid("\(field).containerPort", .int(number), $0) }
        }
        if let host = port["hostPort"]?.int, host != 0 {
            errors += PortRules.number(host).map { .invalid("\(field).hostPort", .int(host), $0) }
            if spec["hostNetwork"]?.bool == true, host != number {
                errors.append(
                    .invalid("\(field).containerPort", .int(number), "must match `hostPort` when `hostNetwork` is true")
                )
            }
        }
        let name = port["protocol"] ?? "TCP"
        if !PortRules.protocols.contains(name.string ?? "") {
            errors.append(.notSupported("\(field).protocol", name, PortRules.protocols))
        }
        return errors
    }

    /// What of a pod's spec may change after creation.
    ///
    /// Its node is chosen through the subresource `binding`, by which nothing else changes.
    static func updateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        var wanted = new["spec"] ?? [:]
        let stored = old["spec"] ?? [:]
        for member in ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"] {
            wanted[member] = stored[member]
        }
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            let containers = wanted[list]?.array ?? []
            let before = stored[list]?.array ?? []
            guard containers.count == before.count, wanted[list] != nil else { continue }
            wanted[list] = .array(zip(containers, before).map(withStoredImage))
        }
        guard wanted != stored else { return [] }
        let counts = ["initContainers", "containers"].filter { wanted[$0]?.array?.count != stored[$0]?.array?.count }
        guard counts.isEmpty else {
            return counts.map { .forbidden("spec.\($0)", "pod updates may not add or remove containers") }
        }
        return [
            .forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")
        ]
    }

    private static func withStoredImage(_ container: JSONValue, _ stored: JSONValue) -> JSONValue {
        var result = container
        result["image"] = stored["image"]
        result["imagePullPolicy"] = stored["imagePullPolicy"]
        return result
    }
}
