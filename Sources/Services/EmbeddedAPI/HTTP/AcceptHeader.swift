import APIMachinery

/// What form of answer a client wants, out of its Accept header: media types in the order of preference.
struct AcceptHeader: Sendable {
    private let types: [MediaType]

    private struct MediaType: Sendable {
        let name: String
        var parameters: [String: String] = [:]

        init(_ text: some StringProtocol) {
            let parts = text.split(separator: ";").map { String($0).filter { $0 != " " } }
            name = (parts.first ?? "").lowercased()
            for part in parts.dropFirst() {
                let sides = part.split(separator: "=", maxSplits: 1)
                if sides.count == 2 { parameters[String(sides[0])] = String(sides[1]) }
            }
        }
    }

    init(_ text: String?) { types = (text ?? "").split(separator: ",").map { MediaType($0) } }

    /// The forms in which objects are answered.
    enum ObjectForm: Hashable, Sendable {
        case plain
        /// A meta.k8s.io Table of this version.
        case table(String)
        /// A PartialObjectMetadata or its list.
        case metadata
    }

    /// The first form that we can give; an empty header and `*/*` accept anything.
    ///
    /// 406 when there is none.
    func objectForm() throws(APIStatus) -> ObjectForm {
        if types.isEmpty { return .plain }
        for type in types where Self.isJSON(type.name) {
            switch (type.parameters["as"], type.parameters["g"], type.parameters["v"]) {
            case (nil, _, _): return .plain
            case ("Table", "meta.k8s.io", let version?) where ["v1", "v1beta1"].contains(version):
                return .table(version)
            case ("PartialObjectMetadata", "meta.k8s.io", "v1"), ("PartialObjectMetadataList", "meta.k8s.io", "v1"):
                return .metadata
            default: continue
            }
        }
        throw .notAcceptable(supported: ["application/json"])
    }

    /// The version of aggregated discovery that comes before plain JSON in the header.
    var aggregatedDiscovery: DiscoveryDocuments.AggregatedVersion? {
        for type in types where Self.isJSON(type.name) {
            guard type.parameters["as"] == "APIGroupDiscoveryList", type.parameters["g"] == "apidiscovery.k8s.io" else {
                return nil
            }
            let version = type.parameters["v"].flatMap { DiscoveryDocuments.AggregatedVersion(rawValue: $0) }
            if let version { return version }
        }
        return nil
    }

    /// Whether protobuf is asked for before JSON.
    var prefersProtobuf: Bool {
        guard let first = types.first else { return false }
        return first.name.contains("protobuf") || first.name.contains("proto-openapi")
    }

    private static func isJSON(_ name: String) -> Bool {
        ["application/json", "application/*", "*/*"].contains(name)
    }
}
