import ClusterAPI
import NetworkTypes

/// Validation of ClusterNetwork, HostSubnet and NetNamespace (openshift/origin `pkg/network/apis/network/validation`), for
/// both address families.
enum OpenShiftNetworkRules {
    private static let assignSubnet = "pod.network.openshift.io/assign-subnet"

    static func clusterNetworkErrors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        let services = serviceRanges(object)
        errors += serviceErrors(object)
        let entries = object["clusterNetworks"]?.array ?? []
        if entries.isEmpty {
            errors += legacyErrors(object, services)
        } else {
            errors += agreementErrors(object, entries[0])
        }
        var earlier: [CIDR] = []
        for (index, entry) in entries.enumerated() {
            let field = "clusterNetworks[\(index)]"
            let text = entry["CIDR"]?.string ?? ""
            errors += rangeErrors(text, entry["hostSubnetLength"], "\(field).CIDR", "\(field).hostSubnetLength")
            guard let range = CIDR(text) else { continue }
            errors += earlier.filter(range.overlaps).map {
                .invalid("\(field).CIDR", .string(text), "cidr range overlaps with another cidr \"\($0)\"")
            }
            earlier.append(range)
            if services.contains(where: range.overlaps) {
                errors.append(
                    .invalid(
                        "serviceNetwork", object["serviceNetwork"] ?? "",
                        "service network overlaps with cluster network cidr: \(range)"))
            }
        }
        if let port = object["vxlanPort"]?.int {
            errors += PortRules.number(port).map { .invalid("vxlanPort", .int(port), $0) }
        }
        if let mtu = object["mtu"]?.int, !(576...65_536).contains(mtu) {
            errors.append(.invalid("mtu", .int(mtu), "must be between 576 and 65536, inclusive"))
        }
        return errors + pluginErrors(object)
    }

    private static func pluginErrors(_ object: JSONValue) -> [FieldError] {
        guard let name = object["pluginName"], case .unknown = NetworkMode(pluginName: name.string) else { return [] }
        return [.notSupported("pluginName", name, NetworkMode.pluginNames)]
    }

    private static func serviceTexts(_ object: JSONValue) -> [Substring] {
        (object["serviceNetwork"]?.string ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
    }

    /// The ranges of services, one per family at most.
    private static func serviceRanges(_ object: JSONValue) -> [CIDR] { serviceTexts(object).compactMap { CIDR($0) } }

    private static func serviceErrors(_ object: JSONValue) -> [FieldError] {
        let errors = serviceTexts(object).flatMap { AddressRules.cidr(String($0), "serviceNetwork") }
        let families = serviceRanges(object).map(\.family)
        guard errors.isEmpty, Set(families).count < families.count else { return errors }
        return [.invalid("serviceNetwork", object["serviceNetwork"] ?? "", "may hold one range of each family")]
    }

    private static func legacyErrors(_ object: JSONValue, _ services: [CIDR]) -> [FieldError] {
        guard let text = object["network"]?.string, !text.isEmpty else {
            return [.required("network", "network must be set (if clusterNetworks is empty)")]
        }
        guard let length = object["hostsubnetlength"], length != 0 else {
            return [.required("hostsubnetlength", "hostsubnetlength must be set (if clusterNetworks is empty)")]
        }
        var errors = rangeErrors(text, length, "network", "hostsubnetlength")
        if let range = CIDR(text), let service = services.first(where: range.overlaps) {
            errors.append(
                .invalid("serviceNetwork", .string("\(service)"), "service network overlaps with cluster network"))
        }
        return errors
    }

    /// The old fields, where they are written beside the new ones, repeat the first entry.
    private static func agreementErrors(_ object: JSONValue, _ first: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        if let network = object["network"], network != "", network != first["CIDR"] {
            errors.append(.invalid("network", network, "network must be identical to clusterNetworks[0].cidr"))
        }
        if let length = object["hostsubnetlength"], length != 0, length != first["hostSubnetLength"] {
            errors.append(
                .invalid(
                    "hostsubnetlength", length,
                    "hostsubnetlength must be identical to clusterNetworks[0].hostSubnetLength"))
        }
        return errors
    }

    private static func rangeErrors(
        _ text: String, _ length: JSONValue?, _ field: String, _ lengthField: String
    ) -> [FieldError] {
        guard let range = CIDR(text) else { return AddressRules.cidr(text, field) }
        let bits = length?.int ?? 0
        if bits > Int64(range.family.bitWidth - range.prefixLength) {
            return [.invalid(lengthField, .int(bits), "subnet length is too large for cidr")]
        }
        return bits < 2 ? [.invalid(lengthField, .int(bits), "subnet length must be at least 2")] : []
    }

    static func hostSubnetErrors(in object: JSONValue) -> [FieldError] {
        var errors = nameErrors(object, "host")
        let subnet = object["subnet"]?.string ?? ""
        if !subnet.isEmpty {
            errors += AddressRules.cidr(subnet, "subnet")
        } else if object["metadata"]?["annotations"]?[assignSubnet] == nil {
            errors.append(.invalid("subnet", "", "field cannot be empty"))
        }
        errors += AddressRules.address(object["hostIP"]?.string ?? "", "hostIP")
        errors += each(object, "subnets", AddressRules.cidr)
        errors += each(object, "hostIPs", AddressRules.address)
        errors += each(object, "egressIPs", AddressRules.address)
        return errors + each(object, "egressCIDRs", AddressRules.cidr)
    }

    static func hostSubnetUpdateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        guard let before = old["subnet"]?.string, !before.isEmpty, let after = new["subnet"], after.string != before
        else {
            return []
        }
        return [.invalid("subnet", after, "cannot change the subnet lease midflight.")]
    }

    static func netNamespaceErrors(in object: JSONValue) -> [FieldError] {
        var errors = nameErrors(object, "netname")
        let id = object["netid"]?.int
        if id.flatMap(UInt32.init(exactly:)).flatMap(VNID.init) == nil {
            let last = VNID.last
            errors.append(
                id.map { .invalid("netid", .int($0), "VNID must be between 0 and \(last), inclusive") }
                    ?? .required("netid"))
        }
        return errors + each(object, "egressIPs", AddressRules.address)
    }

    private static func nameErrors(_ object: JSONValue, _ member: String) -> [FieldError] {
        let name = object["metadata"]?["name"]?.string ?? ""
        guard object[member]?.string != name else { return [] }
        return [.invalid(member, object[member] ?? "", "must be the same as metadata.name: \"\(name)\"")]
    }

    private static func each(
        _ object: JSONValue, _ member: String, _ rule: (String, String) -> [FieldError]
    ) -> [FieldError] {
        (object[member]?.array ?? []).enumerated().flatMap { rule($0.element.string ?? "", "\(member)[\($0.offset)]") }
    }
}
