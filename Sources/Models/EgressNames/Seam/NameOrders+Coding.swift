import ClusterAPI
import NetworkTypes

extension NameOrders: Codable {
    private enum Key: String, CodingKey {
        case version, revision, selectors, sets, pods, bounds, nameServers
    }

    /// Selectors are written once, and meant by their place.
    private struct SelectorForm: Codable {
        let pattern: String
        let exceptions: [String]
    }

    private struct SetForm: Codable {
        let v4: String
        let v6: String
        let selectors: [Int]
    }

    private struct PodForm: Codable {
        let pod: String
        let addresses: [String]
        let selectors: [Int]
    }

    private struct BoundsForm: Codable {
        let clusterRanges: [String]
        let serviceRanges: [String]
        let zone: String?
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        func parsed<Value>(_ texts: [String], _ key: Key, _ parse: (String) -> Value?) throws -> [Value] {
            try texts.map { text in
                if let value = parse(text) { return value }
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: fields, debugDescription: "\"\(text)\" cannot be read")
            }
        }
        let version = try fields.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: fields, debugDescription: "version \(version) is none that this program knows")
        }
        let selectors = try fields.decode([SelectorForm].self, forKey: .selectors).map { form in
            let patterns = try parsed([form.pattern] + form.exceptions, .selectors) { NamePattern($0) }
            return NameSelector(patterns[0], except: Set(patterns.dropFirst()))
        }
        func chosen(_ places: [Int], _ key: Key) throws -> Set<NameSelector> {
            guard places.allSatisfy(selectors.indices.contains) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: fields, debugDescription: "a selector that is not in the list")
            }
            return Set(places.map { selectors[$0] })
        }
        let bounds = try fields.decode(BoundsForm.self, forKey: .bounds)
        self.init(
            revision: try fields.decode(UInt64.self, forKey: .revision),
            sets: try fields.decode([SetForm].self, forKey: .sets).map {
                KernelSet(v4: $0.v4, v6: $0.v6, selectors: try chosen($0.selectors, .sets))
            },
            pods: try fields.decode([PodForm].self, forKey: .pods).map { form in
                Pod(
                    key: try parsed([form.pod], .pods) { ObjectKey($0) }[0],
                    addresses: try parsed(form.addresses, .pods) { IPAddress($0) },
                    selectors: try chosen(form.selectors, .pods))
            },
            bounds: NameBounds(
                clusterRanges: try parsed(bounds.clusterRanges, .bounds) { CIDR($0) },
                serviceRanges: try parsed(bounds.serviceRanges, .bounds) { CIDR($0) },
                zone: try bounds.zone.map { try parsed([$0], .bounds) { DomainName($0) }[0] }),
            nameServers: try parsed(fields.decode([String].self, forKey: .nameServers), .nameServers) { IPAddress($0) })
    }

    package func encode(to encoder: any Encoder) throws {
        let mentioned = sets.reduce(into: Set<NameSelector>()) { $0.formUnion($1.selectors) }
        let all = pods.reduce(into: mentioned) { $0.formUnion($1.selectors) }
        let ordered = all.map { (text: $0.description, selector: $0) }.sorted { $0.text < $1.text }.map(\.selector)
        let places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
        func numbers(_ selectors: Set<NameSelector>) -> [Int] { selectors.compactMap { places[$0] }.sorted() }
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(Self.version, forKey: .version)
        try fields.encode(revision, forKey: .revision)
        try fields.encode(
            ordered.map { selector in
                SelectorForm(
                    pattern: selector.pattern.description, exceptions: selector.exceptions.map(\.description).sorted())
            }, forKey: .selectors)
        try fields.encode(
            sets.map { SetForm(v4: $0.v4, v6: $0.v6, selectors: numbers($0.selectors)) }, forKey: .sets)
        try fields.encode(
            pods.map { pod in
                PodForm(
                    pod: pod.key.description, addresses: pod.addresses.map(\.description),
                    selectors: numbers(pod.selectors))
            }, forKey: .pods)
        try fields.encode(
            BoundsForm(
                clusterRanges: bounds.clusterRanges.map(\.description),
                serviceRanges: bounds.serviceRanges.map(\.description), zone: bounds.zone?.description),
            forKey: .bounds)
        try fields.encode(nameServers.map(\.description), forKey: .nameServers)
    }
}
