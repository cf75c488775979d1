import ClusterAPI
import NetworkTypes
package import PolicyEngine

/// Hosts outside that are asked for by name.
extension ServiceJudge {
    /// The engine that judges a question: one in which every pod was told what the question supposes.
    ///
    /// - Throws: a question about a name for which there is no address.
    package func engine(for question: Question) throws(QuestionFault) -> PolicyEngine {
        if case .name = question.to { try supposing(question).judge.engine } else { engine }
    }

    func supposing(_ question: Question) throws(QuestionFault) -> (judge: ServiceJudge, address: IPAddress) {
        guard case .name(let name, let given) = question.to else {
            throw QuestionFault("\(question.to) is no name of a host outside")
        }
        let client = try client(question)
        let family = engine.addresses(of: client.party).first?.family ?? .v4
        guard let address = given ?? engine.plainAddress(family, except: objects.serviceRanges) else {
            throw QuestionFault(
                "policies name every address by a range: ask for one of them, as \(question.to)@192.0.2.1")
        }
        var engine = engine
        engine.suppose(name, has: address)
        return (ServiceJudge(engine, like: self), address)
    }
}
