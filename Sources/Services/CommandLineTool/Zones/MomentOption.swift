package import APIMachinery
import ArgumentParser
import ClusterAPI
import KubernetesClient

/// The moment that a question is about: holes between zones end.
struct MomentOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer for this moment (RFC 3339), for zones whose holes end; by default now.", valueName: "time"),
        transform: { text in
            guard let time = APITime(text) else {
                throw ValidationError("'\(text)' is not a moment of RFC 3339, such as 2026-12-31T18:00:00Z.")
            }
            return time
        })
    var at: APITime?

    var time: APITime { at ?? .now }
}

extension APITime {
    /// The system's clock.
    package static var now: APITime { APITime(microseconds: Timestamp.now().microsecondsSince1970) }
}
