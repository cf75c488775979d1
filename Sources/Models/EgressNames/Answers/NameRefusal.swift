package import ClusterAPI
package import NetworkTypes

/// Why something was not asked, not believed or not kept.
package enum NameRefusal: Error, Hashable, Sendable {
    /// Nobody asked, or nobody waits any more.
    case unsolicited(NameQuestion)
    case otherQuestion(asked: NameQuestion, answered: NameQuestion)
    case otherServer(asked: IPAddress, answered: IPAddress)
    /// An answer whose records are damaged.
    case unreadable(NameQuestion)
    /// A record about a name that the question does not lead to.
    case strayRecord(DomainName)
    case otherFamily(NameQuestion, IPAddress)
    /// A name that stands for two.
    case ambiguousAlias(DomainName)
    /// A name whose aliases do not end.
    case longChain(DomainName)
    /// An address that no name outside may have.
    case forbiddenAddress(DomainName, IPAddress)
    case tooManyQuestions(client: ObjectKey, limit: Int)
    case tooManyAddresses(client: ObjectKey, limit: Int)
    case tooManyAddressesOfName(DomainName, client: ObjectKey, limit: Int)
    case full(limit: Int)

    /// The same for all of a kind, for counters.
    package var reason: String {
        switch self {
        case .unsolicited: "unsolicited"
        case .otherQuestion: "other_question"
        case .otherServer: "other_server"
        case .unreadable: "unreadable"
        case .strayRecord: "stray_record"
        case .otherFamily: "other_family"
        case .ambiguousAlias: "ambiguous_alias"
        case .longChain: "long_chain"
        case .forbiddenAddress: "forbidden_address"
        case .tooManyQuestions: "too_many_questions"
        case .tooManyAddresses: "too_many_addresses"
        case .tooManyAddressesOfName: "too_many_addresses_of_name"
        case .full: "full"
        }
    }
}

extension NameRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsolicited(let question): "nobody waits for an answer to \(question)"
        case .otherQuestion(let asked, let answered): "\(asked) was asked, and \(answered) answered"
        case .otherServer(let asked, let answered): "\(asked) was asked, and \(answered) answered"
        case .unreadable(let question): "the answer to \(question) cannot be read"
        case .strayRecord(let owner): "the answer speaks of \(owner), which the question does not lead to"
        case .otherFamily(let question, let address): "the answer to \(question) has the address \(address)"
        case .ambiguousAlias(let name): "\(name) stands for two names at once"
        case .longChain(let name): "the aliases of \(name) do not end, or are more than \(AliasChain.longest)"
        case .forbiddenAddress(let name, let address):
            "\(name) has the address \(address), which is the cluster's own or no host's: it is not opened"
        case .tooManyQuestions(let client, let limit): "pod \(client) asks more than \(limit) questions at once"
        case .tooManyAddresses(let client, let limit):
            "pod \(client) has \(limit) addresses of names already: more are not opened until some have expired"
        case .tooManyAddressesOfName(let name, let client, let limit):
            "pod \(client) has \(limit) addresses of \(name) already: more are not opened until some have expired"
        case .full(let limit):
            "the node has \(limit) addresses of names already: more are not opened until some have expired"
        }
    }
}
