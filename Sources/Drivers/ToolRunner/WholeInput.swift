import Subprocess

/// A program's whole standard input; that it does not want all of it is no error.
///
/// swift-subprocess 1.0.2 traps when a write of its own `ArrayInput` fails (the writer is then let go unclosed); this
/// one always finishes the writer. What the program made of its input shows in its exit code.
struct WholeInput: InputProtocol {
    let bytes: [UInt8]

    func write(with writer: StandardInputWriter) async throws {
        if !bytes.isEmpty { _ = try? await writer.write(bytes) }
        try await writer.finish()
    }
}
