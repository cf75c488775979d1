import ArgumentParser

/// `gabion completion SHELL`: the completion script of a shell.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            For this session of bash, zsh or fish:
              source <(gabion completion bash)
              source <(gabion completion zsh)
              gabion completion fish | source

            For good (bash and zsh as root):
              gabion completion bash > /etc/bash_completion.d/gabion
              gabion completion zsh > /usr/local/share/zsh/site-functions/_gabion
              gabion completion fish > ~/.config/fish/completions/gabion.fish
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    func run() { print(GabionCommand.completionScript(for: shell.parserShell)) }
}

/// The shells that the parser has scripts for.
enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var parserShell: CompletionShell {
        switch self {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }
}
