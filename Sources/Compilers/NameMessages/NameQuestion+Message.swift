package import DNSFormats
package import EgressNames
import NetworkTypes

extension NameQuestion {
    /// What a pod's message asks for; nil if it is not for addresses, and so of no interest.
    package init?(_ message: DNSMessage) {
        guard message.header.operation == 0, message.questions.count == 1, let question = message.questions.first,
            question.recordClass == DNSQuestion.internet
        else { return nil }
        switch question.type {
        case .a: self.init(question.name, .v4)
        case .aaaa: self.init(question.name, .v6)
        default: return nil
        }
    }
}

extension NameRecord {
    /// Nil for records that lead to no address.
    init?(_ record: DNSRecord) {
        guard record.recordClass == DNSQuestion.internet else { return nil }
        switch record.data {
        case .address(let address): self.init(record.name, .address(address), timeToLive: record.timeToLive)
        case .alias(let target): self.init(record.name, .alias(target), timeToLive: record.timeToLive)
        default: return nil
        }
    }
}
