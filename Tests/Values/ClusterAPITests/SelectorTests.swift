import ClusterAPI
import Testing

@Suite struct SelectorTests {
    private static func requirement(
        _ operation: LabelSelector.Operator, _ values: [String]? = nil
    ) -> LabelSelector {
        LabelSelector(matchExpressions: [.init(key: "app", operator: operation, values: values)])
    }

    static let cases: [(LabelSelector, [String: String], Bool)] = [
        (LabelSelector(), [:], true), (LabelSelector(matchLabels: [:], matchExpressions: []), ["a": "b"], true),
        (LabelSelector(matchLabels: ["app": "x"]), ["app": "x", "b": "c"], true),
        (LabelSelector(matchLabels: ["app": "x"]), ["app": "y"], false),
        (LabelSelector(matchLabels: ["app": ""]), [:], false),
        (requirement(.in, ["x", "y"]), ["app": "y"], true), (requirement(.in, ["x"]), [:], false),
        (requirement(.notIn, ["x"]), ["app": "x"], false), (requirement(.notIn, ["x"]), [:], true),
        (requirement(.notIn, ["x"]), ["app": "z"], true), (requirement(.exists), ["app": ""], true),
        (requirement(.exists), ["b": ""], false), (requirement(.doesNotExist), [:], true),
        (requirement(.doesNotExist), ["app": ""], false), (requirement(.unknown("Gt"), ["1"]), ["app": "2"], false),
    ]

    @Test("selectors match as in Kubernetes", arguments: cases)
    func matches(selector: LabelSelector, labels: [String: String], expected: Bool) {
        #expect(selector.matches(labels) == expected)
    }

    @Test("the description is canonical")
    func description() {
        let selector = LabelSelector(
            matchLabels: ["b": "2", "a": "1"],
            matchExpressions: [
                .init(key: "z", operator: .doesNotExist), .init(key: "c", operator: .in, values: ["y", "x"]),
            ])
        #expect(selector.description == "a=1,b=2,!z,c in (x,y)")
        #expect(LabelSelector().description == "all")
    }
}
