import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

@testable import PolicyAnalysis

/// The words of matrix and diff.
@Suite struct ReasonTests {
    private static let pod = ObjectKey(namespace: "one", name: "member")

    @Test(
        "a reason holds for every member of a class: it names none",
        arguments: [
            (RuleID.notSelected(pod, .egress), "no policy selects it for egress"),
            (.noTierDecides(pod, .ingress), "no tier decides about its ingress: allowed"),
            (.node("member"), "policies do not select nodes"),
            (.external(IPAddress(v4: 1)), "policies do not select what is outside"),
            (.unreachable("member has no address"), "nothing can be sent there"),
        ])
    func words(rule: RuleID, text: String) {
        #expect(Reason(Decision(allowed: true, rule: rule)).text == text)
    }
}
