import ArgumentParser

/// How a verb writes a list of findings.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
