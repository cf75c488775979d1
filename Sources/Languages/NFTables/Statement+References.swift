extension Statement {
    /// The named sets and maps that must exist for this.
    package var referredSets: [Name] {
        switch self {
        case .match(_, .set(let name), _), .lookup(_, let name, _), .update(let name, _, _), .verdictMap(_, let name),
            .mapMark(_, let name), .updateMap(let name, _, _, _), .deleteFromMap(let name, _, _),
            .sourceNAT(.map(_, let name, _)), .destinationNAT(.map(_, let name, _)):
            [name]
        default: []
        }
    }

    /// The chains that this leads to.
    package var referredChains: [Name] {
        switch self {
        case .verdict(let verdict): verdict.target.map { [$0] } ?? []
        case .anonymousVerdictMap(_, let elements): elements.values.compactMap(\.target)
        default: []
        }
    }
}
