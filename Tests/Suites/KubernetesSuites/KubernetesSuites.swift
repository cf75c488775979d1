import TestSupport
import Testing

/// Everything that is shown on real Kubernetes; one after another, since all of it is about one cluster.
@Suite("On real Kubernetes", .requiresRoot, .serialized, .timeLimit(.minutes(10)))
enum KubernetesSuites {}
