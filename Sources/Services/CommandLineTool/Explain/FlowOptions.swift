import ArgumentParser
package import NetworkTypes
package import PolicyEngine
package import ServiceVerdicts

/// One connection, named on the command line.
struct FlowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Who opens the connection: namespace/pod, node:NAME, or an IP address.", valueName: "party"))
    var from: String

    @Option(
        help: ArgumentHelp(
            "Who is to answer: the same, service:namespace/name, or dns:NAME[@ADDRESS] for a host outside.",
            valueName: "party"))
    var to: String

    @Option(help: ArgumentHelp("The port with its protocol: 8080/TCP, 53/UDP, 132/SCTP, or ICMP.", valueName: "port"))
    var port: String

    func validate() throws { _ = try question() }

    func question() throws -> Question {
        guard let source = Question.End(from) else { throw Self.wrongParty(from, "--from") }
        guard let destination = Question.End(to) else { throw Self.wrongParty(to, "--to") }
        guard let asked = AskedPort(parsing: port) else {
            throw ValidationError("'\(port)' is no port; write 8080/TCP, 53/UDP, 132/SCTP or ICMP.")
        }
        return Question(from: source, to: destination, transport: asked.transport, port: asked.port)
    }

    private static func wrongParty(_ text: String, _ option: String) -> ValidationError {
        ValidationError("'\(text)' in \(option) is neither \(Question.End.forms).")
    }
}

/// A protocol with the port that is asked for.
package struct AskedPort: Hashable, Sendable {
    package let transport: TransportProtocol
    /// Nil for ICMP.
    package let port: UInt16?

    /// `8080/TCP`, `8080` (TCP), `icmp`.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, TransportProtocol(parsing: parts[0]) == .icmp {
            transport = .icmp
            port = nil
            return
        }
        guard (1...2).contains(parts.count), parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
            let number = UInt16(parts[0]), number > 0,
            let named = TransportProtocol(parsing: parts.count == 2 ? parts[1] : "TCP"), named.hasPorts
        else { return nil }
        transport = named
        port = number
    }
}

extension Flow {
    /// `shop/web -> shop/db 5432/TCP`.
    package var title: String { Question(self).title }
}

extension Question {
    /// `shop/web -> service:shop/db 5432/TCP`.
    package var title: String {
        "\(from) -> \(to) " + (port.map { "\($0)/\(transport.rawValue)" } ?? transport.rawValue)
    }
}
