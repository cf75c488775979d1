import Testing

/// Gabion without Kubernetes, on the machine that `Suites/standalone/up` has brought up; one after the other.
@Suite("Containers without Kubernetes", .serialized) struct StandaloneSuites {}
