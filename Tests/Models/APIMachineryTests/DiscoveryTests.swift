import APIMachinery
import ClusterAPI
import Testing

@Suite struct DiscoveryTests {
    private let documents = DiscoveryDocuments(ResourceCatalogue())

    @Test("both forms of discovery name the same resources with the same verbs")
    func agrees() throws {
        for version in DiscoveryDocuments.AggregatedVersion.allCases {
            let all = [documents.aggregatedCore(version), documents.aggregatedGroups(version)]
            for item in all.flatMap({ $0["items"]?.array ?? [] }) {
                let group = item["metadata"]?["name"]?.string ?? ""
                for entry in item["versions"]?.array ?? [] {
                    let place = GroupVersion(group: group, version: try #require(entry["version"]?.string))
                    let list = try #require(documents.resourceList(place)?["resources"]?.array)
                    let names = list.compactMap { $0["name"]?.string }.filter { !$0.contains("/") }
                    let resources = try #require(entry["resources"]?.array)
                    #expect(resources.compactMap { $0["resource"]?.string } == names)
                    #expect(
                        resources.map { $0["verbs"] }
                            == list.filter { $0["name"]?.string?.contains("/") == false }.map { $0["verbs"] })
                }
            }
        }
    }

    @Test("every kind is found where it is served, under its short names")
    func listsKinds() throws {
        let core = try #require(documents.resourceList(GroupVersion(group: "", version: "v1"))?["resources"]?.array)
        let pods = try #require(core.first { $0["name"] == "pods" })
        #expect(pods["shortNames"] == ["po"])
        #expect(pods["categories"] == ["all"])
        #expect(pods["namespaced"] == true)
        #expect(core.contains { $0["name"] == "pods/status" })
        let old = documents.resourceList(GroupVersion(group: "extensions", version: "v1beta1"))
        #expect(old?["resources"]?.array?.map { $0["kind"] } == ["NetworkPolicy"])
        #expect(documents.resourceList(GroupVersion(group: "apps", version: "v1")) == nil)
        #expect(documents.group("apps") == nil)
        #expect(documents.group("discovery.k8s.io")?["preferredVersion"]?["groupVersion"] == "discovery.k8s.io/v1")
    }

    @Test("versions are preferred as Kubernetes orders them")
    func ordersVersions() throws {
        var catalogue = ResourceCatalogue()
        var definition = try CustomResourceTests.definition()
        let version = { (name: String, isStored: Bool) -> JSONValue in
            [
                "name": .string(name), "served": true, "storage": .bool(isStored),
                "schema": ["openAPIV3Schema": ["type": "object"]],
            ]
        }
        let names = ["foo1", "v1alpha1", "v1", "v2beta1", "v10", "v2", "v1beta2"]
        definition["spec"]?["versions"] = .array(names.map { version($0, $0 == "v1") })
        try catalogue.register(crd: definition)
        let served = catalogue.groupVersions.filter { $0.group == "example.com" }.map(\.version)
        #expect(served == ["v10", "v2", "v1", "v2beta1", "v1beta2", "v1alpha1", "foo1"])
    }

    @Test("every path of the OpenAPI index has a document that allows fieldValidation on PATCH")
    func describesPatches() throws {
        let openAPI = OpenAPIDocuments(ResourceCatalogue())
        let paths = try #require(openAPI.v3Index["paths"]?.object)
        #expect(paths.keys.contains("api/v1") && paths.keys.contains("apis/extensions/v1beta1"))
        for path in paths.keys {
            let document = try #require(openAPI.v3(path: path))
            let patches = try #require(document["paths"]?.object).values.compactMap { $0["patch"] }
            for patch in patches {
                let names = patch["parameters"]?.array?.compactMap { $0["name"]?.string }
                #expect(names == ["dryRun", "fieldValidation"])
                #expect(patch["x-kubernetes-group-version-kind"]?["kind"]?.string?.isEmpty == false)
            }
        }
        #expect(openAPI.v3(path: "apis/apps/v1") == nil)
        #expect(openAPI.v3(path: "nonsense") == nil)
    }

    @Test("every reference between schemas leads somewhere")
    func resolvesReferences() throws {
        let openAPI = OpenAPIDocuments(ResourceCatalogue())
        for path in try #require(openAPI.v3Index["paths"]?.object).keys {
            let schemas = try #require(openAPI.v3(path: path)?["components"]?["schemas"]?.object)
            for reference in schemas.values.flatMap(Self.references) {
                #expect(schemas[String(reference.dropFirst("#/components/schemas/".count))] != nil, "\(reference)")
            }
        }
    }

    private static func references(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            (members["$ref"]?.string).map { [$0] } ?? members.values.flatMap(references)
        case .array(let elements): elements.flatMap(references)
        default: []
        }
    }

    @Test("failures have the real server's words")
    func wordsFailures() throws {
        let pods = try builtIn("Pod")
        let policies = try builtIn("NetworkPolicy")
        #expect(APIStatus.notFound(pods, name: "x").message == #"pods "x" not found"#)
        #expect(
            APIStatus.alreadyExists(policies, name: "x").message
                == #"networkpolicies.networking.k8s.io "x" already exists"#)
        let why = APIStatus.denial(user: "u", verb: "list", group: "", plural: "pods", namespace: "n")
        #expect(
            APIStatus.forbidden(pods, name: nil, why: why).message
                == #"pods is forbidden: User "u" cannot list resource "pods" in API group "" in the namespace "n""#)
        #expect(APIStatus.tooOldResourceVersion(3, oldest: 9).document["code"] == 410)
        #expect(APIStatus.unauthorized.document["status"] == "Failure")
    }
}
