import PodResponder

Responder.exit(arguments: Array(CommandLine.arguments.dropFirst()))
