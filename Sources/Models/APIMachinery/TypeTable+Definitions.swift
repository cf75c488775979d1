/// apiextensions.k8s.io/v1 CustomResourceDefinition.
extension TypeTable {
    private static let definitionPackage = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"

    static let definitions = table(definitionTypes + versionTypes + [schemaType])

    private static let definitionTypes = [
        kind(
            definitionPackage, "CustomResourceDefinition",
            ["spec": .type("CustomResourceDefinitionSpec"), "status": .type("CustomResourceDefinitionStatus")]),
        type(
            definitionPackage, "CustomResourceDefinitionSpec",
            [
                "group": .text, "names": .type("CustomResourceDefinitionNames"), "scope": .text,
                "versions": .list("CustomResourceDefinitionVersion"), "conversion": .type("CustomResourceConversion"),
                "preserveUnknownFields": .flag,
            ]),
        type(
            definitionPackage, "CustomResourceDefinitionNames",
            [
                "plural": .text, "singular": .text, "shortNames": .texts, "kind": .text, "listKind": .text,
                "categories": .texts,
            ]),
        type(definitionPackage, "CustomResourceConversion", ["strategy": .text, "webhook": .any]),
        type(
            definitionPackage, "CustomResourceDefinitionStatus",
            [
                "conditions": .list("Condition", by: "type"), "acceptedNames": .type("CustomResourceDefinitionNames"),
                "storedVersions": .texts, "observedGeneration": .integer,
            ]),
    ]

    private static let versionTypes = [
        type(
            definitionPackage, "CustomResourceDefinitionVersion",
            [
                "name": .text, "served": .flag, "storage": .flag, "deprecated": .flag, "deprecationWarning": .text,
                "schema": .type("CustomResourceValidation"), "subresources": .type("CustomResourceSubresources"),
                "additionalPrinterColumns": .list("CustomResourceColumnDefinition"), "selectableFields": .list(.any),
            ]),
        type(definitionPackage, "CustomResourceValidation", ["openAPIV3Schema": .type("JSONSchemaProps")]),
        type(
            definitionPackage, "CustomResourceSubresources",
            ["status": .map(.any), "scale": .type("CustomResourceSubresourceScale")]),
        type(
            definitionPackage, "CustomResourceSubresourceScale",
            ["specReplicasPath": .text, "statusReplicasPath": .text, "labelSelectorPath": .text]),
        type(
            definitionPackage, "CustomResourceColumnDefinition",
            [
                "name": .text, "type": .text, "format": .text, "description": .text, "priority": .integer,
                "jsonPath": .text,
            ]),
    ]

    private static let schemas = FieldShape.map(.type("JSONSchemaProps"))

    private static let schemaType = type(
        definitionPackage, "JSONSchemaProps",
        [
            "id": .text, "$schema": .text, "$ref": .text, "description": .text, "type": .text, "format": .text,
            "title": .text, "default": .any, "maximum": .number, "exclusiveMaximum": .flag, "minimum": .number,
            "exclusiveMinimum": .flag, "maxLength": .integer, "minLength": .integer, "pattern": .text,
            "maxItems": .integer, "minItems": .integer, "uniqueItems": .flag, "multipleOf": .number,
            "enum": .list(.any), "maxProperties": .integer, "minProperties": .integer, "required": .texts,
            "items": .objectOr(.type("JSONSchemaProps")), "allOf": .list("JSONSchemaProps"),
            "oneOf": .list("JSONSchemaProps"), "anyOf": .list("JSONSchemaProps"), "not": .type("JSONSchemaProps"),
            "properties": schemas, "additionalProperties": .objectOr(.type("JSONSchemaProps")),
            "patternProperties": schemas, "dependencies": .map(.any),
            "additionalItems": .objectOr(.type("JSONSchemaProps")), "definitions": schemas,
            "externalDocs": .map(.text), "example": .any, "nullable": .flag,
            "x-kubernetes-preserve-unknown-fields": .flag, "x-kubernetes-embedded-resource": .flag,
            "x-kubernetes-int-or-string": .flag, "x-kubernetes-list-map-keys": .texts, "x-kubernetes-list-type": .text,
            "x-kubernetes-map-type": .text, "x-kubernetes-validations": .list(.any),
        ])
}
