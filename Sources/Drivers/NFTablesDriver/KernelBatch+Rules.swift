import CLinux
import LinuxSystem
import NFTables

extension KernelBatch {
    /// False if a statement of the rule must go by text.
    mutating func append(_ rule: Rule, to chain: Name) -> Bool {
        var expressions = KernelExpressions()
        for statement in rule.statements {
            guard encode(statement, into: &expressions) else { return false }
        }
        let comment = Array(rule.comment.utf8)
        let command = "add rule \(transaction.family.rawValue) \(transaction.table) \(chain) \(rule.textWithComment)"
        append(NFT_MSG_NEWRULE, flags: NLM_F_CREATE | NLM_F_APPEND, command) { writer in
            writer.put(NFTA_RULE_CHAIN.rawValue, text: chain.text)
            writer.put(UInt32(NFTA_RULE_EXPRESSIONS.rawValue) | UInt32(NLA_F_NESTED), bytes: expressions.writer.bytes)
            // nft's own form: type 0 is the comment with its terminating zero.
            writer.put(NFTA_RULE_USERDATA.rawValue, bytes: [0, UInt8(comment.count + 1)] + comment + [0])
        }
        return true
    }

    private mutating func encode(_ statement: Statement, into expressions: inout KernelExpressions) -> Bool {
        switch statement {
        case .lookup(let fields, let set, let negated):
            guard expressions.load(fields) else { return false }
            expressions.lookUp(KernelSetReference(name: set.text), negated: negated)
        case .verdictMap(let fields, let map):
            guard expressions.load(fields) else { return false }
            expressions.lookUp(KernelSetReference(name: map.text), verdicts: true)
        case .anonymousVerdictMap(let fields, let verdicts):
            guard expressions.load(fields), let map = appendMap(fields, verdicts) else { return false }
            expressions.lookUp(map, verdicts: true)
        case .counter: expressions.count()
        case .namedCounter(let name): expressions.count(in: name)
        case .limit(let limit): expressions.limit(limit)
        case .log(let group, let prefix, let snapLength):
            expressions.log(group, Statement.logPrefix(prefix), snapLength)
        case .verdict(let verdict): expressions.end(with: verdict)
        default: return expressions.append(serviceStatement: statement)
        }
        return true
    }

    /// The map that a rule contains: made before the rule, and gone with it.
    private mutating func appendMap(_ fields: [Field], _ verdicts: [ElementKey: Verdict]) -> KernelSetReference? {
        let hasRanges = verdicts.keys.contains { $0.values.contains(where: \.isRange) }
        let definition = SetDefinition(key: fields.map(\.type), data: .verdict, flags: hasRanges ? .interval : [])
        let reference = KernelSetReference(name: "__map%d", id: nextSetID())
        guard let creation = KernelSetCreation(definition, reference, anonymousWithCount: verdicts.count) else {
            return nil
        }
        append(NFT_MSG_NEWSET, flags: NLM_F_CREATE, "add map", creation.write)
        let elements = verdicts.sorted { $0.key < $1.key }.map { Transaction.Element($0.key, .verdict($0.value)) }
        return append(elements, .addition, reference, definition) ? reference : nil
    }
}
