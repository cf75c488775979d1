import AddressAllocation
import ClusterAPI
import ServiceModel
import TestRandom
import Testing

/// The table is a function of what exists.
@Suite struct ServiceSequenceTests {
    enum Step: Sendable {
        case service(Service)
        case slice(EndpointSlice)
        case noService(String)
        case noSlice(String)
        case zone(String?)
        case allowed(String)

        func apply(to model: inout ServiceModel) {
            switch self {
            case .service(let service): model.upsert(service)
            case .slice(let slice): model.upsert(slice)
            case .noService(let name): model.removeService(ObjectKey(namespace: "shop", name: name))
            case .noSlice(let name): model.removeEndpointSlice(ObjectKey(namespace: "shop", name: name))
            case .zone(let zone): model.setZone(zone)
            case .allowed(let range):
                let policy = ExternalIPPolicy(name: "p", spec: ExternalIPPolicySpec(allowedCIDRs: [range]))
                model.setExternalIPRules(ExternalIPRules([policy]))
            }
        }

        /// What a later step of the same subject overrides.
        var subject: String {
            switch self {
            case .service(let service): "service \(service.key.name)"
            case .slice(let slice): "slice \(slice.key.name)"
            case .noService(let name): "service \(name)"
            case .noSlice(let name): "slice \(name)"
            case .zone: "zone"
            case .allowed: "allowed"
            }
        }
    }

    private static func random(_ generator: inout some RandomNumberGenerator) -> Step {
        let name = ["a", "b", "c"].randomElement(using: &generator) ?? "a"
        let number = Int.random(in: 1...3, using: &generator)
        switch Int.random(in: 0..<11, using: &generator) {
        case 0..<3:
            return .service(
                Samples.service(name, at: ["172.30.0.\(number)"]) { spec in
                    spec.internalTrafficPolicy = Bool.random(using: &generator) ? "Local" : nil
                    spec.externalTrafficPolicy = Bool.random(using: &generator) ? "Local" : nil
                    spec.externalIPs = ["192.0.2.\(number)", "198.51.100.\(number)"]
                    spec.type = "LoadBalancer"
                    spec.healthCheckNodePort = 32000 + number
                })
        case 3..<7:
            // A slice may change its service.
            return .slice(
                Samples.slice(
                    "slice-\(number)", of: name,
                    (0..<Int.random(in: 0...3, using: &generator)).map { index in
                        Samples.endpoint(
                            "10.128.0.\(number * 8 + index)", on: index == 0 ? "one" : "two",
                            ready: Bool.random(using: &generator), zones: [index == 0 ? "east" : "west"])
                    }))
        case 7: return .noService(name)
        case 8: return .noSlice("slice-\(number)")
        case 9: return .allowed(["192.0.2.0/24", "0.0.0.0/0", "?"].randomElement(using: &generator) ?? "?")
        default: return .zone(Bool.random(using: &generator) ? "east" : nil)
        }
    }

    @Test(
        "any sequence gives the table of its last steps in any order, and the changes name all that differs",
        arguments: 0..<40)
    func sequences(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var steps: [Step] = []
        var model = ServiceModel(nodeName: "one")
        for _ in 0..<60 {
            let step = Self.random(&generator)
            steps.append(step)
            let before = model.table
            step.apply(to: &model)
            let changes = model.settle()
            let differing = Set(before.keys).union(model.table.keys).filter { before[$0] != model.table[$0] }
            #expect(changes == differing)
        }
        var last: [String: Step] = [:]
        for step in steps { last[step.subject] = step }
        var other = ServiceModel(nodeName: "one")
        for step in last.values.shuffled(using: &generator) { step.apply(to: &other) }
        _ = other.settle()
        #expect(other.table == model.table)
        #expect(other.problems == model.problems)
        #expect(other.healthChecks == model.healthChecks)
    }
}
