import ArgumentParser

/// `gabion completion SHELL`: the completion script of a shell.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            For this shell session:
              source <(gabion completion bash)
            For good:
              gabion completion bash > /etc/bash_completion.d/gabion
              gabion completion zsh  > "${fpath[1]}/_gabion"
              gabion completion fish > ~/.config/fish/completions/gabion.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func validate() throws {
        guard CompletionShell(rawValue: shell) != nil else {
            throw ValidationError("There is no completion for '\(shell)'. Ask for bash, zsh or fish.")
        }
    }

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else { return }
        print(GabionCommand.completionScript(for: shell))
    }
}
