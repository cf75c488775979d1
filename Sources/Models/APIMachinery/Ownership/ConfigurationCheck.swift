import ClusterAPI

/// Whether a configuration can be put into an object: fields that the kind has, lists whose elements can be told apart.
struct ConfigurationCheck {
    private var errors: [String] = []
    private var path: [String] = []

    /// 400 with everything that is wrong.
    static func check(_ configuration: JSONValue, _ shape: OwnershipShape) throws(APIStatus) {
        var check = ConfigurationCheck()
        check.walk(configuration, shape)
        guard let first = check.errors.first else { return }
        let list = check.errors.count == 1 ? first : "errors:\n  " + check.errors.joined(separator: "\n  ")
        throw .badRequest("failed to create typed patch object: \(list)")
    }

    private mutating func walk(_ value: JSONValue, _ shape: OwnershipShape) {
        let structure = shape.structure(of: value)
        switch structure {
        case .leaf: break
        case .map:
            for (name, member) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                path.append("f:" + name)
                if shape.knows(name) {
                    walk(member, shape.member(name))
                } else {
                    errors.append("\(FieldPathText.of(path)): field not declared in schema")
                }
                path.removeLast()
            }
        case .set, .keyed: checkItems(value.array ?? [], shape, structure)
        }
    }

    private mutating func checkItems(
        _ items: [JSONValue], _ shape: OwnershipShape, _ structure: OwnershipShape.Structure
    ) {
        var seen: Set<String> = []
        for (index, item) in items.enumerated() {
            guard let element = shape.elementText(item, structure) else {
                if case .keyed(let keys) = structure {
                    let missing = keys.first { item[$0] == nil } ?? ""
                    errors.append(
                        "\(FieldPathText.of(path)): element \(index): associative list with keys has an element that omits"
                            + " key field \"\(missing)\" (and doesn't have default value)")
                }
                continue
            }
            if !seen.insert(element).inserted {
                let kind = structure == .set ? "set" : "key"
                errors.append(
                    "\(FieldPathText.of(path)): duplicate entries for \(kind) \(FieldPathText.of([element]))")
            }
            path.append(element)
            walk(item, shape.element)
            path.removeLast()
        }
    }
}
