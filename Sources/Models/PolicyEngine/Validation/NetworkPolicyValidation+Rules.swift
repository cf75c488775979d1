import ClusterAPI
import NetworkTypes

extension NetworkPolicyValidation {
    static func portErrors(_ port: NetworkPolicyPort, _ path: FieldPath) -> [PolicyFieldError] {
        var errors: [PolicyFieldError] = []
        if let name = port.protocol, !["TCP", "UDP", "SCTP"].contains(name) {
            errors.append(.unsupported(path["protocol"], name, ["SCTP", "TCP", "UDP"]))
        }
        switch port.port {
        case .int(let number):
            if !validNumbers.contains(number) { errors.append(.invalid(path["port"], number, numberRule)) }
            if let end = port.endPort {
                if end < number {
                    errors.append(.invalid(path["endPort"], end, "must be greater than or equal to `port`"))
                }
                if !validNumbers.contains(end) { errors.append(.invalid(path["endPort"], end, numberRule)) }
            }
        case .string(let name):
            if let end = port.endPort {
                errors.append(.invalid(path["endPort"], end, "may not be specified when `port` is non-numeric"))
            }
            if let reason = LabelSyntax.portNameError(name) { errors.append(.invalid(path["port"], name, reason)) }
        case nil:
            if let end = port.endPort {
                errors.append(.invalid(path["endPort"], end, "may not be specified when `port` is not specified"))
            }
        }
        return errors
    }

    static func peerErrors(_ peer: NetworkPolicyPeer, _ path: FieldPath) -> [PolicyFieldError] {
        var errors: [PolicyFieldError] = []
        if let selector = peer.podSelector { errors += selectorErrors(selector, path["podSelector"]) }
        if let selector = peer.namespaceSelector { errors += selectorErrors(selector, path["namespaceSelector"]) }
        if let block = peer.ipBlock { errors += blockErrors(block, path["ipBlock"]) }
        let hasSelector = peer.podSelector != nil || peer.namespaceSelector != nil
        if peer.ipBlock == nil, !hasSelector { errors.append(.required(path, "must specify a peer")) }
        if peer.ipBlock != nil, hasSelector {
            errors.append(.forbidden(path, "may not specify both ipBlock and another peer"))
        }
        return errors
    }

    private static func blockErrors(_ block: IPBlock, _ path: FieldPath) -> [PolicyFieldError] {
        if block.cidr.isEmpty { return [.required(path["cidr"], "")] }
        guard let network = CIDR(block.cidr) else { return [.invalid(path["cidr"], block.cidr, networkRule)] }
        return (block.except ?? []).enumerated().compactMap { index, text in
            let path = path["except"][index]
            guard let hole = CIDR(text) else { return .invalid(path, text, networkRule) }
            let isStrictSubset = network.contains(hole) && hole.prefixLength > network.prefixLength
            return isStrictSubset ? nil : .invalid(path, text, "must be a strict subset of `cidr`")
        }
    }

    private static let validNumbers = 1...65_535
    private static let numberRule = "must be between 1 and 65535, inclusive"
    private static let networkRule = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
}
