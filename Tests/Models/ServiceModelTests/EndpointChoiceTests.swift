import ClusterAPI
import Testing

@testable import ServiceModel

@Suite struct EndpointChoiceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let endpoints: [SliceEndpoint]
        var isLocalOnly = false
        let expected: String
    }

    private static func at(
        _ last: Int, on node: String = "one", ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil,
        zones: [String]? = nil, nodes: [String]? = nil
    ) -> SliceEndpoint {
        Samples.endpoint(
            "10.128.0.\(last)", on: node, ready: ready, serving: serving, terminating: terminating, zones: zones,
            nodes: nodes)
    }

    static let cases = [
        Case(testDescription: "all ready ones, in order", endpoints: [at(2), at(1, on: "two")], expected: "1 2"),
        Case(testDescription: "an endpoint of unknown condition is ready", endpoints: [at(1)], expected: "1"),
        Case(
            testDescription: "those that are not ready are left out", endpoints: [at(1, ready: false), at(2)],
            expected: "2"),
        Case(
            testDescription: "one that ends takes nothing while another is ready",
            endpoints: [at(1, ready: false, serving: true, terminating: true), at(2)], expected: "2"),
        Case(
            testDescription: "those that end but serve are better than none",
            endpoints: [at(1, ready: false, serving: true, terminating: true), at(2, ready: false)], expected: "1"),
        Case(
            testDescription: "one that ends and no longer serves is none",
            endpoints: [at(1, ready: false, serving: false, terminating: true)], expected: ""),
        Case(
            testDescription: "Local: those of this node only", endpoints: [at(1), at(2, on: "two")],
            isLocalOnly: true, expected: "1"),
        Case(
            testDescription: "Local: nobody here is nobody", endpoints: [at(2, on: "two")], isLocalOnly: true,
            expected: ""),
        Case(
            testDescription: "Local: an ending one here is better than ready ones elsewhere",
            endpoints: [at(1, ready: false, serving: true, terminating: true), at(2, on: "two")], isLocalOnly: true,
            expected: "1"),
        Case(
            testDescription: "hints choose the zone",
            endpoints: [at(1, zones: ["east"]), at(2, zones: ["west"]), at(3, zones: ["east", "west"])],
            expected: "1 3"),
        Case(
            testDescription: "hints of some endpoints only do not count",
            endpoints: [at(1, zones: ["east"]), at(2)], expected: "1 2"),
        Case(
            testDescription: "hints that leave nothing do not count",
            endpoints: [at(1, zones: ["west"]), at(2, zones: ["north"])], expected: "1 2"),
        Case(
            testDescription: "hints of endpoints that are not ready say nothing",
            endpoints: [at(1, ready: false), at(2, zones: ["west"]), at(3, zones: ["east"])], expected: "3"),
        Case(
            testDescription: "a hint for the node goes before one for the zone",
            endpoints: [at(1, zones: ["east"], nodes: ["one"]), at(2, zones: ["east"], nodes: ["two"])],
            expected: "1"),
        Case(
            testDescription: "hints for other nodes leave the zone to decide",
            endpoints: [at(1, zones: ["west"], nodes: ["three"]), at(2, zones: ["east"], nodes: ["two"])],
            expected: "2"),
        Case(testDescription: "one endpoint told twice is one", endpoints: [at(1), at(1)], expected: "1"),
    ]

    @Test("new connections go to", arguments: cases)
    func choosing(example: Case) {
        var model = ServiceModel(nodeName: "one")
        model.setZone("east")
        model.upsert(
            Samples.service("web", at: ["172.30.0.1"]) { spec in
                spec.internalTrafficPolicy = example.isLocalOnly ? "Local" : nil
            })
        model.upsert(Samples.slice("web-1", of: "web", example.endpoints))
        _ = model.settle()
        let expected = example.expected.split(separator: " ").map { "10.128.0.\($0):8080" }.joined(separator: " ")
        #expect(Samples.backends(model, "172.30.0.1") == expected)
    }
}
