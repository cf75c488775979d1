import ClusterAPI
import NetworkTypes

/// Validation of k8s.ovn.org/v1 EgressIP and gabion.io/v1 EgressNode, one at a time.
enum EgressAddressRules {
    static func egressIPErrors(in object: JSONValue) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        let list = spec["egressIPs"]?.array ?? []
        var errors: [FieldError] =
            list.isEmpty ? [.required("spec.egressIPs", "name at least one address")] : []
        errors += addressErrors(list, "spec.egressIPs")
        if spec["namespaceSelector"]?.object == nil {
            errors.append(.required("spec.namespaceSelector", "{} selects all namespaces"))
        }
        errors += SelectorRules.errors(in: spec["namespaceSelector"], "spec.namespaceSelector")
        return errors + SelectorRules.errors(in: spec["podSelector"], "spec.podSelector")
    }

    static func egressNodeErrors(in object: JSONValue) -> [FieldError] {
        let spec = object["spec"]
        // One list: an address is to be held or let go.
        let lists = ["addresses", "releasing"].map { (name: $0, values: spec?[$0]?.array ?? []) }
        var errors = lists.flatMap { addressErrors($0.values, "spec.\($0.name)") }
        let kept = Set(lists[0].values)
        for (index, value) in lists[1].values.enumerated() where kept.contains(value) {
            errors.append(.duplicate("spec.releasing[\(index)]", value))
        }
        let own = object["metadata"]?["name"]?.string
        var seen: Set<JSONValue> = []
        for (index, witness) in (spec?["witnesses"]?.array ?? []).enumerated() {
            let field = "spec.witnesses[\(index)]"
            if !seen.insert(witness).inserted { errors.append(.duplicate(field, witness)) }
            if witness.string == own { errors.append(.invalid(field, witness, "a node is no witness of its own")) }
        }
        return errors
    }

    private static func addressErrors(_ list: [JSONValue], _ field: String) -> [FieldError] {
        var seen: Set<IPAddress> = []
        return list.enumerated().flatMap { index, value -> [FieldError] in
            let (place, text) = ("\(field)[\(index)]", value.string ?? "")
            guard let address = IPAddress(text) else { return AddressRules.address(text, place) }
            if !seen.insert(address).inserted { return [.duplicate(place, value)] }
            return AddressRules.range(text, place)
        }
    }
}
