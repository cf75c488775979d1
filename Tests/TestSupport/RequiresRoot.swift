import LinuxSystem
package import Testing

/// The test makes namespaces.
///
/// Without the right it is skipped on a person's machine and fails where `CI=true`.
package struct RequiresRoot: TestTrait, SuiteTrait {
    package let isRecursive = true

    package func prepare(for test: Test) async throws {
        guard !Host.mayConfigureNetwork else { return }
        if Environment.value(of: "CI") == "true" {
            throw TestProgram.Failure(description: "this test needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)")
        }
        try Test.cancel("needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)")
    }
}

extension Trait where Self == RequiresRoot {
    package static var requiresRoot: RequiresRoot { RequiresRoot() }
}
