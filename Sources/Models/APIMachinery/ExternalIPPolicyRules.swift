import ClusterAPI
import NetworkTypes

/// Validation of gabion.io/v1 ExternalIPPolicy.
enum ExternalIPPolicyRules {
    private static let lists = ["allowedCIDRs", "rejectedCIDRs", "autoAssignCIDRs"]

    static func errors(in object: JSONValue) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        return lists.flatMap { errors(in: spec[$0]?.array ?? [], "spec.\($0)") }
    }

    private static func errors(in list: [JSONValue], _ field: String) -> [FieldError] {
        var seen: Set<CIDR> = []
        return list.enumerated().flatMap { index, value in
            let place = "\(field)[\(index)]"
            guard let range = CIDR(value.string ?? "") else { return AddressRules.cidr(value.string ?? "", place) }
            return seen.insert(range).inserted ? [] : [FieldError.duplicate(place, value)]
        }
    }
}
