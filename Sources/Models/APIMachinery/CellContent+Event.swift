import ClusterAPI

extension CellContent {
    func eventText(of cell: TableCell) -> String {
        switch cell {
        case .eventFirstSeen: return age(firstSeen)
        case .eventLastSeen: return age(lastSeen)
        case .eventObject:
            let kind = first(".involvedObject.kind")?.lowercased() ?? ""
            let name = first(".involvedObject.name") ?? ""
            return name.isEmpty ? kind : "\(kind)/\(name)"
        case .eventSource:
            let component = first(".source.component") ?? first(".reportingComponent") ?? ""
            let host = first(".source.host") ?? first(".reportingInstance")
            return host.map { "\(component), \($0)" } ?? component
        default: return (first(".message") ?? "").trimmed
        }
    }

    private var firstSeen: APITime? {
        moment(".firstTimestamp") ?? moment(".eventTime")
    }

    private var lastSeen: APITime? {
        moment(".series.lastObservedTime") ?? moment(".lastTimestamp") ?? firstSeen
    }

    private func moment(_ path: String) -> APITime? { first(path).flatMap(APITime.init) }
    private func age(_ moment: APITime?) -> String { AgeText.age(since: moment, now: now) }
}
