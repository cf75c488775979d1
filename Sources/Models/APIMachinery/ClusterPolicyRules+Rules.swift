import ClusterAPI

extension ClusterPolicyRules {
    /// Where the rules of a direction name the other end.
    struct DirectionRules {
        let peerList: String
        /// The list of the other direction, which has no business here.
        let strayList: String

        static let ingress = DirectionRules(peerList: "from", strayList: "to")
        static let egress = DirectionRules(peerList: "to", strayList: "from")

        var field: String { peerList == "to" ? "egress" : "ingress" }
        var peerKinds: [String] { peerList == "to" ? ClusterPolicyRules.peerKinds : ["namespaces", "pods"] }
    }

    static let peerKinds = ["namespaces", "pods", "nodes", "networks", "domainNames"]

    static func ruleErrors(
        _ rule: JSONValue, _ field: String, _ direction: DirectionRules, _ dialect: Dialect
    ) -> [FieldError] {
        var errors: [FieldError] = []
        if (rule["name"]?.string ?? "").utf8.count > 100 { errors.append(.tooLong("\(field).name", maximum: 100)) }
        let action = rule["action"] ?? .string("")
        if !dialect.actions.contains(action.string ?? "") {
            errors.append(.notSupported("\(field).action", action, dialect.actions))
        }
        if rule[direction.strayList] != nil {
            let advice = "rules of \(direction.field) have \(direction.peerList)"
            errors.append(.forbidden("\(field).\(direction.strayList)", advice))
        }
        let isAllowing = action.string == dialect.actions[0]
        errors += peerErrors(rule[direction.peerList]?.array ?? [], field, direction, dialect, isAllowing: isAllowing)
        errors += portErrors(rule, field, dialect)
        return errors + namedPortErrors(rule, field, direction, dialect)
    }

    private static func peerErrors(
        _ peers: [JSONValue], _ field: String, _ direction: DirectionRules, _ dialect: Dialect, isAllowing: Bool
    ) -> [FieldError] {
        let list = "\(field).\(direction.peerList)"
        if peers.isEmpty { return [.required(list, "must have at least one item")] }
        var errors = countErrors(peers, list, dialect.maximumItems)
        for (index, peer) in peers.enumerated() {
            let field = "\(list)[\(index)]"
            errors += choiceErrors(peer, peerKinds, field) + selectorErrors(peer, field)
            for kind in peerKinds where peer[kind] != nil && !direction.peerKinds.contains(kind) {
                errors.append(.forbidden("\(field).\(kind)", "is for egress rules"))
            }
            errors += listErrors(peer["networks"], "\(field).networks") { text, field in
                AddressRules.cidr(text, field)
            }
            errors += listErrors(peer["domainNames"], "\(field).domainNames") { text, field in
                isDomainName(text)
                    ? [] : [.invalid(field, .string(text), "must be a domain name, or '*.' and a domain name")]
            }
            if peer["domainNames"] != nil, !isAllowing {
                errors.append(.forbidden("\(field).domainNames", "is for rules that allow"))
            }
        }
        return errors
    }

    /// A set of texts: at least one, not too many, none twice.
    private static func listErrors(
        _ list: JSONValue?, _ field: String, _ check: (String, String) -> [FieldError]
    ) -> [FieldError] {
        guard let list else { return [] }
        let texts = list.array ?? []
        if texts.isEmpty { return [.required(field, "must have at least one item")] }
        var errors = countErrors(texts, field, 25)
        var seen: Set<String> = []
        for (index, value) in texts.enumerated() {
            let text = value.string ?? ""
            errors += check(text, "\(field)[\(index)]")
            if !seen.insert(text).inserted { errors.append(.duplicate("\(field)[\(index)]", value)) }
        }
        return errors
    }

    /// Only pods have ports with names.
    private static func namedPortErrors(
        _ rule: JSONValue, _ field: String, _ direction: DirectionRules, _ dialect: Dialect
    ) -> [FieldError] {
        let names = ["namedPort", "destinationNamedPort"]
        let ports = rule[dialect.portList]?.array ?? []
        guard ports.contains(where: { port in names.contains { port[$0] != nil } }) else { return [] }
        let nameless = ["nodes", "networks", "domainNames"]
        return (rule[direction.peerList]?.array ?? []).enumerated().flatMap { index, peer in
            nameless.filter { peer[$0] != nil }.map { kind in
                .forbidden(
                    "\(field).\(direction.peerList)[\(index)].\(kind)",
                    "\(kind) have no named ports, and the rule has one")
            }
        }
    }

    /// Labels of letters, digits, `-` and `_`, at least `minimum` of them; `*.` before and a dot after are allowed.
    static func isDomainName(_ text: String, labels minimum: Int = 2) -> Bool {
        var name = Substring(text)
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        if name.hasSuffix(".") { name = name.dropLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= minimum
            && labels.allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                return isAlphanumeric(first) && isAlphanumeric(last)
                    && label.utf8.allSatisfy {
                        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
