extension TypeTexts {
    static let definitions = definitionTexts.merging(["JSONSchemaProps": schemaText]) { first, _ in first }

    private static let definitionTexts = [
        "CustomResourceDefinition": TypeText("Adds a kind of objects to the API."),
        "CustomResourceDefinitionSpec": TypeText(
            "The kind that is added, with all versions of it.",
            [
                "group": "The API group of the kind, a domain such as example.com.",
                "names": "What the kind is called.",
                "scope": "Namespaced, or Cluster for objects outside of namespaces.",
                "versions": "The versions in which objects are served; one of them is stored.",
                "conversion": "How objects of one version become those of another.",
                "preserveUnknownFields": "No longer used: must not be true.",
            ]),
        "CustomResourceDefinitionNames": TypeText(
            "The names of a kind.",
            [
                "plural": "The name in URLs, in lower case.", "singular": "The name of one object, in lower case.",
                "shortNames": "Abbreviations for the command line.", "kind": "The name in objects, in CamelCase.",
                "listKind": "The kind of lists of it.", "categories": "Groups of kinds, such as all.",
            ]),
        "CustomResourceConversion": TypeText(
            "How versions are converted.",
            [
                "strategy": "None changes nothing but apiVersion; webhooks are not called by this server.",
                "webhook": "Who converts.",
            ]),
        "CustomResourceDefinitionStatus": TypeText(
            "Whether the kind is served.",
            [
                "acceptedNames": "The names under which it is served.",
                "storedVersions": "The versions in which objects may be stored.",
                "observedGeneration": "The generation that this was found for.",
            ]),
        "CustomResourceDefinitionVersion": TypeText(
            "One version of a kind.",
            [
                "name": "The version's name, such as v1.", "served": "Whether it can be asked for.",
                "storage": "Whether objects are stored in it; true for exactly one.",
                "deprecated": "Whether it is better not used any more.",
                "deprecationWarning": "What clients that use it are told.", "schema": "What its objects may hold.",
                "subresources": "Which parts of an object are written apart.",
                "additionalPrinterColumns": "What kubectl get shows besides the name.",
                "selectableFields": "Which fields field selectors may name; not used by this server.",
            ]),
        "CustomResourceValidation": TypeText(
            "What objects may hold.", ["openAPIV3Schema": "The schema of a whole object."]),
        "CustomResourceSubresources": TypeText(
            "Parts of an object that are written apart.",
            [
                "status": "Present when the status has a path of its own.",
                "scale": "Where the number of replicas stands; not used by this server.",
            ]),
        "CustomResourceSubresourceScale": TypeText(
            "Where the number of replicas stands.",
            [
                "specReplicasPath": "The path of the number that is wanted.",
                "statusReplicasPath": "The path of the number that there is.",
                "labelSelectorPath": "The path of the selector of the replicas.",
            ]),
        "CustomResourceColumnDefinition": TypeText(
            "One column of kubectl get.",
            [
                "name": "The column's head.", "type": "integer, number, string, boolean or date.",
                "format": "How the value is to be read, beyond its type.", "description": "What the column shows.",
                "priority": "0 for columns that are always shown, more for those of -o wide.",
                "jsonPath": "Where the value stands in the object.",
            ]),
    ]

    private static let schemaText = TypeText(
        "What a value may be: JSON schema, as far as it is structural.",
        [
            "id": "Not supported.", "$schema": "Which schema language this is.", "$ref": "Not supported.",
            "description": "What the value means; explain shows it.",
            "type": "array, boolean, integer, number, object or string.",
            "format": "The form of a text, such as date-time or ipv4.", "title": "A short name.",
            "default": "What is stored where the value is missing.", "maximum": "The largest number.",
            "exclusiveMaximum": "Whether the number must be less than maximum.", "minimum": "The smallest number.",
            "exclusiveMinimum": "Whether the number must be greater than minimum.",
            "maxLength": "The most characters of a text.", "minLength": "The fewest characters of a text.",
            "pattern": "A regular expression that a text must match.", "maxItems": "The most elements of a list.",
            "minItems": "The fewest elements of a list.", "uniqueItems": "Not supported: must not be true.",
            "multipleOf": "A number of which the value is a multiple.", "enum": "The only values that are allowed.",
            "maxProperties": "The most members of an object.", "minProperties": "The fewest members of an object.",
            "required": "The members that must be there.", "items": "The schema of each element of a list.",
            "allOf": "Schemas that must all hold.", "oneOf": "Schemas of which exactly one must hold.",
            "anyOf": "Schemas of which at least one must hold.", "not": "A schema that must not hold.",
            "properties": "The members of an object with their schemas.",
            "additionalProperties": "The schema of members under keys that are chosen freely.",
            "patternProperties": "Not supported.", "dependencies": "Not supported.",
            "additionalItems": "Not supported.", "definitions": "Not supported.",
            "externalDocs": "Where more is written.", "example": "A value as it may be.",
            "nullable": "Whether null is a value.",
            "x-kubernetes-preserve-unknown-fields": "Keeps members that the schema does not have.",
            "x-kubernetes-embedded-resource": "The value is a whole object with apiVersion, kind and metadata.",
            "x-kubernetes-int-or-string": "The value is an integer or a text.",
            "x-kubernetes-list-map-keys": "The members that tell the elements of a list apart.",
            "x-kubernetes-list-type": "atomic, set or map: how a list merges.",
            "x-kubernetes-map-type": "granular or atomic: whether members have owners of their own.",
            "x-kubernetes-validations": "Rules in CEL; not used by this server.",
        ])
}
