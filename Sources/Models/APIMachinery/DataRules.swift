import ClusterAPI

/// Defaults and validation of ConfigMap and Secret.
enum DataRules {
    /// 1 MiB, as the real server allows.
    private static let largest = 1_048_576
    private static let keyForm =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or"
        + " 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

    /// `stringData` goes into `data` in base64; it is never stored.
    static func setSecretDefaults(_ object: inout JSONValue) {
        if object["type"]?.string?.isEmpty != false { object["type"] = "Opaque" }
        guard let texts = object["stringData"]?.object else { return }
        var data = object["data"]?.object ?? [:]
        for (key, text) in texts { data[key] = .string(Base64.encode(Array((text.string ?? "").utf8))) }
        object["data"] = .object(data)
        object["stringData"] = nil
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        var size = 0
        let binary = object["binaryData"]?.object ?? [:]
        for (member, entries) in [("data", object["data"]?.object ?? [:]), ("binaryData", binary)] {
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                let field = "\(member)[\(key)]"
                if let problem = keyProblem(key) { errors.append(.invalid(field, .string(key), problem)) }
                if member == "data", binary[key] != nil {
                    errors.append(.invalid(field, .string(key), "duplicate of key present in binaryData"))
                }
                size += value.string?.utf8.count ?? 0
            }
        }
        if size > largest { errors.append(.tooLong("data", maximum: largest)) }
        return errors + base64Errors(binary, "binaryData")
    }

    static func secretErrors(in object: JSONValue) -> [FieldError] {
        let data = object["data"]?.object ?? [:]
        let needed = neededKeys[object["type"]?.string ?? ""] ?? []
        return errors(in: object) + base64Errors(data, "data")
            + needed.filter { data[$0] == nil }.map { .required("data[\($0)]") }
    }

    /// What secrets of some types are nothing without.
    private static let neededKeys = [
        "kubernetes.io/tls": ["tls.crt", "tls.key"], "kubernetes.io/ssh-auth": ["ssh-privatekey"],
        "kubernetes.io/dockercfg": [".dockercfg"], "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    ]

    private static func base64Errors(_ entries: [String: JSONValue], _ field: String) -> [FieldError] {
        entries.sorted { $0.key < $1.key }.compactMap { key, value in
            Base64.isValid(value.string ?? "")
                ? nil : .invalid("\(field)[\(key)]", .string(key), "illegal base64 data")
        }
    }

    /// A secret's type is for ever; what is immutable besides, as with maps.
    static func secretUpdateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        let type = new["type"] ?? ""
        let errors = updateErrors(new, old)
        return type == old["type"] ? errors : [.invalid("type", type, "field is immutable")] + errors
    }

    private static func keyProblem(_ key: String) -> String? {
        if key.utf8.count > 253 { return "must be no more than 253 characters" }
        if key == "." { return "must not be '.'" }
        if key.hasPrefix("..") { return "must not start with '..'" }
        let isFine =
            !key.isEmpty
            && key.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789-._".contains(Character($0)))
            }
        return isFine ? nil : keyForm
    }

    static func updateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        guard old["immutable"]?.bool == true else { return [] }
        let forbidden = "field is immutable when `immutable` is set"
        var errors: [FieldError] = []
        if new["immutable"]?.bool != true { errors.append(.forbidden("immutable", forbidden)) }
        for member in ["data", "binaryData"] where new[member] != old[member] {
            errors.append(.forbidden(member, forbidden))
        }
        return errors
    }
}
