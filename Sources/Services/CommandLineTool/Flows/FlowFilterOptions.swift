import ArgumentParser
import ClusterAPI
import FlowModel
import Foundation
import KubernetesClient
import NetworkTypes

/// The words by which flows are chosen.
struct FlowFilterOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Flows of this pod.", valueName: "[namespace/]name"))
    var pod: [String] = []

    @Option(
        name: .shortAndLong, parsing: .singleValue,
        help: ArgumentHelp("Flows of pods of this namespace.", valueName: "name"))
    var namespace: [String] = []

    @Option(
        name: .shortAndLong, parsing: .singleValue,
        help: ArgumentHelp("Flows of pods with these labels: app=web,!canary,tier!=db.", valueName: "selector"))
    var label: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Flows of this zone.", valueName: "name"))
    var zone: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Flows of this address.", valueName: "address|cidr"))
    var ip: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Flows from or to this port.", valueName: "port|first-last"))
    var port: [String] = []

    @Option(
        parsing: .singleValue, help: ArgumentHelp("Flows of this protocol: tcp, udp, sctp or icmp.", valueName: "name"))
    var `protocol`: [String] = []

    @Option(help: ArgumentHelp("Flows that were allowed, or denied.", valueName: "verdict"))
    var verdict: String?

    @Option(
        help: ArgumentHelp(
            "Flows that would be allowed or denied if staged policies were enforced, or whose verdict differs then.",
            valueName: "allow|deny|differs"))
    var staged: String?

    @Option(help: ArgumentHelp("Flows decided by a rule with this text in its name.", valueName: "text"))
    var rule: String?

    @Option(help: ArgumentHelp("Flows seen since: 90s, 10m, 2h, 7d, or a UTC time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Flows that began before.", valueName: "time"))
    var until: String?

    mutating func validate() throws { _ = try filter(now: 0) }

    /// - Parameter now: microseconds since 1970.
    func filter(now: Int64) throws -> FlowFilter {
        var filter = FlowFilter()
        filter.pods = pod
        filter.namespaces = namespace
        filter.labels = try label.map(Self.selector)
        filter.zones = zone
        filter.addresses = try ip.map { text in
            guard let network = CIDR(text) ?? IPAddress(text).map({ CIDR(host: $0) }) else {
                throw ValidationError("--ip: \"\(text)\" is no address; try 10.128.0.5 or 10.128.0.0/14")
            }
            return network
        }
        filter.ports = try port.map(Self.ports)
        filter.protocols = try `protocol`.map { text in
            guard let transport = TransportProtocol(parsing: text) else {
                throw ValidationError("--protocol: \"\(text)\" is none of tcp, udp, sctp, icmp")
            }
            return transport
        }
        filter.verdict = try verdict.map { text in
            switch text.lowercased() {
            case "allowed", "allow": .allowed
            case "denied", "deny": .denied
            default: throw ValidationError("--verdict: \"\(text)\" is neither allowed nor denied")
            }
        }
        filter.staged = try staged.map(Self.staged)
        filter.rule = rule
        filter.since = try since.map { try Self.time($0, now, "--since") }
        filter.until = try until.map { try Self.time($0, now, "--until") }
        return filter
    }

    private static func staged(_ text: String) throws -> FlowFilter.Staged {
        switch text.lowercased() {
        case "allowed", "allow": return .allow
        case "denied", "deny": return .deny
        case "differs": return .differs
        default: throw ValidationError("--staged: \"\(text)\" is none of allow, deny, differs")
        }
    }

    private static func ports(_ text: String) throws -> FlowFilter.Ports {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
            let range = PortRange(first, through: last)
        else { throw ValidationError("--port: \"\(text)\" is no port; try 80 or 8000-8100") }
        return FlowFilter.Ports(range)
    }

    private static func selector(_ text: String) throws -> LabelSelector {
        var selector = LabelSelector(matchLabels: [:], matchExpressions: [])
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.replacing("==", with: "=").split(separator: "=", omittingEmptySubsequences: false)
            var key = words[0].trimmingCharacters(in: .whitespaces)
            let value = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : nil
            let isNegated = value == nil ? key.hasPrefix("!") : key.hasSuffix("!")
            if isNegated { key = key.trimmingCharacters(in: ["!"]) }
            guard words.count <= 2, !key.isEmpty, !key.contains(" "), !key.contains("(") else {
                throw ValidationError("--label: \"\(text)\" is not understood; try app=web,!canary,tier!=db")
            }
            switch (value, isNegated) {
            case (let value?, false):
                // Not in matchLabels: a key that is asked for twice must have both values, and so matches nobody.
                selector.matchExpressions?.append(.init(key: key, operator: .in, values: [value]))
            case (let value?, true):
                selector.matchExpressions?.append(.init(key: key, operator: .notIn, values: [value]))
            case (nil, false): selector.matchExpressions?.append(.init(key: key, operator: .exists))
            case (nil, true): selector.matchExpressions?.append(.init(key: key, operator: .doesNotExist))
            }
        }
        return selector
    }

    /// A time, or how long ago.
    static func time(_ text: String, _ now: Int64, _ option: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0, count < 1 << 31
        {
            return now - count * unit * 1_000_000
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text) else {
            throw ValidationError("\(option): \"\(text)\" is no time; try 10m, or 2026-11-23T15:24:07Z")
        }
        return Int64(date.timeIntervalSince1970 * 1_000_000)
    }
}
