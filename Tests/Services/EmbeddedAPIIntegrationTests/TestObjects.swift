import ClusterAPI

/// Small valid objects.
enum TestObjects {
    static func configMap(_ name: String, labels: [String: String] = [:], data: [String: String] = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "labels": .object(labels.mapValues(JSONValue.string))],
            "data": .object(data.mapValues(JSONValue.string)),
        ]
    }

    static func namespace(_ name: String) -> JSONValue {
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }

    static func pod(_ name: String, node: String? = nil, labels: [String: String] = [:]) -> JSONValue {
        var pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "labels": .object(labels.mapValues(JSONValue.string))],
            "spec": ["containers": [["name": "main", "image": "none"]]],
        ]
        if let node { pod["spec"]?["nodeName"] = .string(node) }
        return pod
    }

    static let widgets: JSONValue = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "widgets.test.gabion.io"],
        "spec": [
            "group": "test.gabion.io", "scope": "Namespaced",
            "names": ["plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wg"]],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
                    "schema": [
                        "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                    ],
                ]
            ],
        ],
    ]

    /// A kind with a schema.
    static let gates: JSONValue = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "gates.test.gabion.io"],
        "spec": [
            "group": "test.gabion.io", "scope": "Namespaced",
            "names": ["plural": "gates", "singular": "gate", "kind": "Gate"],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
                    "schema": ["openAPIV3Schema": gateSchema],
                ]
            ],
        ],
    ]

    private static let gateSchema: JSONValue = [
        "type": "object", "description": "A way through a wall.", "required": ["spec"],
        "properties": [
            "spec": [
                "type": "object", "required": ["width"],
                "properties": [
                    "width": ["type": "integer", "minimum": 1, "maximum": 10, "description": "How wide it is."],
                    "open": ["type": "boolean", "default": true],
                    "colors": ["type": "array", "items": ["type": "string", "enum": ["red", "green"]]],
                    "locks": [
                        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                        "items": [
                            "type": "object", "required": ["name"],
                            "properties": ["name": ["type": "string"], "keys": ["type": "integer"]],
                        ],
                    ],
                ],
            ],
            "status": ["type": "object", "properties": ["seen": ["type": "integer"]]],
        ],
    ]
}
