/// The story of `gabion lab demo`: which policies come and go, in which order, and what to look for.
struct DemoScript {
    struct Step {
        let title: String
        let narration: String
        var apply: [String] = []
        var delete: [String] = []
    }

    private static let inside = "1-inside-the-project.yaml"
    private static let green = "2-green-to-gray.yaml"
    private static let purple = "3-to-purple-on-8080.yaml"

    /// Names of manifest files in the demo's directory.
    static let steps: [Step] = [
        Step(
            title: "before: no policies",
            narration: "Nothing selects a pod, so everybody reaches everybody."),
        Step(
            title: "allow all inside the project",
            narration: "Green, gray and purple hear each other. Red and the internet are shut out.",
            apply: [inside]),
        Step(
            title: "green to gray (instead)",
            narration: "Gray hears green alone. Nothing selects green and purple now: open again.",
            apply: [green], delete: [inside]),
        Step(
            title: "to purple on 8080 (beside it)",
            narration: "Purple hears everybody, on 8080 only. (The manifest is extensions/v1beta1.)",
            apply: [purple]),
        Step(
            title: "allow all inside the project (again, beside them: policies unite)",
            narration: "What one policy allows, no other takes away: red still gets purple's 8080.",
            apply: [inside]),
    ]

    /// What the policies are held in.
    static let cluster = ["topology.yaml", "colors.yaml"]
}
