import ClusterAPI
import Foundation
import Testing

/// Objects through JSON and back.
@Suite struct CodingTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test("operators and policy types decode by their API names, unknown ones too, and encode unchanged")
    func lenientEnums() throws {
        let text = #"[{"key":"a","operator":"NotIn","values":["b"]},{"key":"a","operator":"Near"}]"#
        let requirements = try decode([LabelSelector.Requirement].self, text)
        #expect(requirements.map(\.operator) == [.notIn, .unknown("Near")])
        let types = try decode([NetworkPolicySpec.PolicyType].self, #"["Ingress","Egress","Sideways"]"#)
        #expect(types == [.ingress, .egress, .unknown("Sideways")])
        #expect(String(decoding: try JSONEncoder().encode(types), as: UTF8.self) == #"["Ingress","Egress","Sideways"]"#)
    }

    @Test("policyTypes default as the API server defaults them")
    func effectiveTypes() {
        var spec = NetworkPolicySpec()
        #expect(spec.effectiveTypes == [.ingress])
        spec.egress = []
        #expect(spec.effectiveTypes == [.ingress])
        spec.egress = [.init()]
        #expect(spec.effectiveTypes == [.ingress, .egress])
        spec.policyTypes = []
        #expect(spec.effectiveTypes == [.ingress, .egress])
        spec.policyTypes = [.egress]
        #expect(spec.effectiveTypes == [.egress])
    }

    @Test("endpoints of v1beta1 name their node and zone in their topology")
    func olderEndpoints() throws {
        let older = try decode(
            SliceEndpoint.self,
            #"{"addresses":["192.0.2.1"],"topology":{"kubernetes.io/hostname":"a","topology.kubernetes.io/zone":"z"}}"#)
        #expect(older.nodeName == "a" && older.zone == "z")
        let present = try decode(SliceEndpoint.self, #"{"addresses":["192.0.2.1"],"nodeName":"b","zone":"y"}"#)
        #expect(present.nodeName == "b" && present.zone == "y")
    }

    @Test("ports are numbers or names")
    func intOrString() throws {
        #expect(try decode([IntOrString].self, #"[80, "http", "80"]"#) == [.int(80), .string("http"), .string("80")])
    }

    @Test("absent and empty lists stay apart")
    func absentAndEmpty() throws {
        let spec = try decode(NetworkPolicySpec.self, #"{"podSelector":{},"ingress":[{"from":[]},{}]}"#)
        #expect(spec.egress == nil)
        #expect(spec.ingress?.map(\.from) == [[], nil])
    }

    @Test("a policy survives JSON, with apiVersion and kind on the wire")
    func roundTrip() throws {
        var policy = NetworkPolicy(metadata: ObjectMeta(name: "p", namespace: "n", labels: ["a": "b"]))
        policy.spec = NetworkPolicySpec(
            podSelector: LabelSelector(matchExpressions: [.init(key: "k", operator: .exists)]),
            ingress: [
                .init(
                    from: [NetworkPolicyPeer(ipBlock: IPBlock(cidr: "10.0.0.0/8", except: ["10.1.0.0/16"]))],
                    ports: [NetworkPolicyPort(protocol: "UDP", port: .int(53), endPort: 54)])
            ])
        let data = try JSONEncoder().encode(WireObject(policy))
        #expect(try JSONDecoder().decode(NetworkPolicy.self, from: data) == policy)
        let value = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(value["apiVersion"] == "networking.k8s.io/v1" && value["kind"] == "NetworkPolicy")
    }

    @Test("any JSON document survives JSONValue")
    func jsonValue() throws {
        let value: JSONValue = ["a": [1, "x", true, .null, .double(1.5)], "b": ["c": [:]], "d": .int(.max)]
        #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
    }

    static let keys: [(String, String?)] = [
        ("a/b", "a/b"), ("a", nil), ("a/", nil), ("/b", nil), ("a/b/c", nil), ("", nil),
    ]

    @Test("object keys are namespace/name", arguments: keys)
    func key(text: String, expected: String?) {
        #expect(ObjectKey(text)?.description == expected)
    }

    @Test("URL paths name collections and objects")
    func paths() {
        #expect(Pod.resource.path(namespace: "n", name: "p") == "/api/v1/namespaces/n/pods/p")
        #expect(Pod.resource.path() == "/api/v1/pods")
        #expect(
            NetworkPolicy.resource.path(namespace: "n") == "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies")
        #expect(Node.resource.path(namespace: "ignored", name: "x") == "/api/v1/nodes/x")
    }

    @Test("a pod's facts are read from where the API has them")
    func podFacts() throws {
        let pod = try decode(
            Pod.self,
            #"""
            {"metadata":{"name":"p"},"spec":{"initContainers":[
              {"name":"once","ports":[{"containerPort":1}]},{"name":"side","restartPolicy":"Always","ports":[{"containerPort":2}]}],
              "containers":[{"name":"c","ports":[{"containerPort":3,"name":"web"}]}]},
             "status":{"phase":"Failed","podIP":"10.0.0.1"}}
            """#)
        #expect(pod.ports.map(\.containerPort) == [2, 3])
        #expect(pod.hasTerminated && !pod.isHostNetwork)
        #expect(pod.addressTexts == ["10.0.0.1"])
    }

    @Test("a ClusterNetwork is read in both of its forms")
    func clusterNetwork() throws {
        let old = try decode(
            ClusterNetwork.self, #"{"metadata":{"name":"default"},"network":"10.128.0.0/14","hostsubnetlength":9}"#)
        #expect(old.entries == [ClusterNetwork.Entry(cidr: "10.128.0.0/14", hostSubnetLength: 9)])
        let new = try decode(
            ClusterNetwork.self,
            #"{"metadata":{"name":"default"},"network":"1.0.0.0/8","clusterNetworks":[{"CIDR":"10.0.0.0/8","hostSubnetLength":8}]}"#
        )
        #expect(new.entries.map(\.cidr) == ["10.0.0.0/8"])
    }
}
