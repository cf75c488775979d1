package import ClusterAPI

/// The rules for zones, for those who hold one as a value.
package enum ZoneValidation {
    /// What is wrong with a zone on its own; empty for one that the API accepts.
    package static func errors(in zone: Zone) -> [FieldError] {
        ZoneRules.errors(
            in: .members([
                "metadata": .members(["name": zone.metadata.name.map(JSONValue.string)]),
                "spec": zone.spec?.document,
            ]))
    }
}

extension ZoneSpec {
    fileprivate var document: JSONValue {
        .members([
            "order": order.map { .int(Int64($0)) }, "namespaceSelector": namespaceSelector?.document,
            "nodeSelector": nodeSelector?.document, "cidrs": cidrs.map(JSONValue.texts),
            "external": external.map(JSONValue.string),
            "externalNames": externalNames.map(JSONValue.texts), "holes": holes.map { .array($0.map(\.document)) },
            "egress": egress.map { egress in
                .members([
                    "addresses": egress.addresses.map(JSONValue.texts), "nodeSelector": egress.nodeSelector?.document,
                ])
            },
        ])
    }
}

extension ZoneSpec.Hole {
    fileprivate var document: JSONValue {
        .members([
            "name": name.map(JSONValue.string), "from": from?.document, "to": to?.document,
            "ports": ports.map { .array($0.map(\.document)) }, "owner": owner.map(JSONValue.string),
            "reason": reason.map(JSONValue.string), "expires": expires.map(JSONValue.string),
        ])
    }
}

extension ZoneSpec.Source {
    fileprivate var document: JSONValue {
        .members([
            "zone": zone.map(JSONValue.string), "namespaceSelector": namespaceSelector?.document,
            "podSelector": podSelector?.document,
        ])
    }
}

extension ZoneSpec.Target {
    fileprivate var document: JSONValue {
        .members(["namespaceSelector": namespaceSelector?.document, "podSelector": podSelector?.document])
    }
}
