import APIMachinery
import ClusterAPI
import TestRandom
import Testing

@Suite struct StrategicMergePatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var kind = "Pod"
        let object: String
        let patch: String
        let result: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "containers merge by name, others stay (kubectl apply of a new image)",
            object:
                #"{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]},{"name":"b","image":"1"}]}}"#,
            patch:
                #"{"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"image":"2","name":"a"}]}}"#,
            result:
                #"{"spec":{"containers":[{"name":"a","image":"2","ports":[{"containerPort":80}]},{"name":"b","image":"1"}]}}"#
        ),
        Case(
            name: "$patch delete removes one container",
            object: #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            patch:
                #"{"spec":{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"$patch":"delete","name":"a"}]}}"#,
            result: #"{"spec":{"containers":[{"name":"b"}]}}"#),
        Case(
            name: "$setElementOrder puts a new element where the manifest has it",
            object: #"{"spec":{"containers":[{"name":"a"},{"name":"c"}]}}"#,
            patch:
                #"{"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"b"},{"name":"c"}],"containers":[{"name":"b"}]}}"#,
            result: #"{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}}"#),
        Case(
            name: "elements that only the server has keep their place",
            object: #"{"spec":{"containers":[{"name":"sidecar"},{"name":"a"},{"name":"b"}]}}"#,
            patch: #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}"#,
            result: #"{"spec":{"containers":[{"name":"sidecar"},{"name":"b"},{"name":"a"}]}}"#),
        Case(
            name: "env merges by name, values may be removed",
            object:
                #"{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]}}"#,
            patch:
                #"{"spec":{"containers":[{"name":"a","env":[{"name":"Y","value":null},{"name":"Z","value":"3"}]}]}}"#,
            result:
                #"{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y"},{"name":"Z","value":"3"}]}]}}"#
        ),
        Case(
            name: "container ports merge by containerPort, mounts by mountPath",
            object:
                #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"}],"volumeMounts":[{"mountPath":"/x","name":"v"}]}]}}"#,
            patch:
                #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81}],"volumeMounts":[{"mountPath":"/x","readOnly":true}]}]}}"#,
            result:
                #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web","protocol":"TCP"},{"containerPort":81}],"volumeMounts":[{"mountPath":"/x","name":"v","readOnly":true}]}]}}"#
        ),
        Case(
            name: "command and tolerations are replaced whole",
            object: #"{"spec":{"tolerations":[{"key":"a"}],"containers":[{"name":"a","command":["x","y"]}]}}"#,
            patch: #"{"spec":{"tolerations":[{"key":"b"}],"containers":[{"name":"a","command":["z"]}]}}"#,
            result: #"{"spec":{"tolerations":[{"key":"b"}],"containers":[{"name":"a","command":["z"]}]}}"#),
        Case(
            name: "conditions merge by type, addresses by type (a kubelet's status patch)", kind: "Node",
            object:
                #"{"status":{"conditions":[{"type":"Ready","status":"False"},{"type":"DiskPressure","status":"False"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}]}}"#,
            patch:
                #"{"status":{"$setElementOrder/conditions":[{"type":"Ready"},{"type":"DiskPressure"}],"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.2"}]}}"#,
            result:
                #"{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"DiskPressure","status":"False"}],"addresses":[{"type":"InternalIP","address":"10.0.0.2"}]}}"#
        ),
        Case(
            name: "service ports merge by port", kind: "Service",
            object: #"{"spec":{"ports":[{"port":80,"name":"a"},{"port":443,"name":"b"}]}}"#,
            patch: #"{"spec":{"ports":[{"port":80,"name":"c"},{"port":443,"$patch":"delete"}]}}"#,
            result: #"{"spec":{"ports":[{"port":80,"name":"c"}]}}"#),
        Case(
            name: "finalizers unite, $deleteFromPrimitiveList takes away",
            object: #"{"metadata":{"finalizers":["a","b"]}}"#,
            patch:
                #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["b","c"],"finalizers":["c"]}}"#,
            result: #"{"metadata":{"finalizers":["b","c"]}}"#),
        Case(
            name: "owner references merge by uid",
            object: #"{"metadata":{"ownerReferences":[{"uid":"1","name":"a"}]}}"#,
            patch: #"{"metadata":{"ownerReferences":[{"uid":"1","name":"b"},{"uid":"2","name":"c"}]}}"#,
            result: #"{"metadata":{"ownerReferences":[{"uid":"1","name":"b"},{"uid":"2","name":"c"}]}}"#),
        Case(
            name: "labels merge by key, null removes (kubectl label)",
            object: #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#,
            patch: #"{"metadata":{"labels":{"a":null,"c":"3"}}}"#,
            result: #"{"metadata":{"labels":{"b":"2","c":"3"}}}"#),
        Case(
            name: "$patch replace in a map", object: #"{"spec":{"nodeSelector":{"a":"1"}}}"#,
            patch: #"{"spec":{"nodeSelector":{"$patch":"replace","b":"2"}}}"#,
            result: #"{"spec":{"nodeSelector":{"b":"2"}}}"#),
        Case(
            name: "$patch replace in a list", object: #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            patch: #"{"spec":{"containers":[{"name":"c"},{"$patch":"replace"}]}}"#,
            result: #"{"spec":{"containers":[{"name":"c"}]}}"#),
        Case(
            name: "$retainKeys drops what the volume was before",
            object: #"{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}"#,
            patch: #"{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}"#,
            result: #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}}"#),
        Case(
            name: "rules of a NetworkPolicy are replaced whole", kind: "NetworkPolicy",
            object: #"{"spec":{"ingress":[{"ports":[{"port":80}]}],"podSelector":{"matchLabels":{"a":"b"}}}}"#,
            patch: #"{"spec":{"ingress":[{"ports":[{"port":81}]}],"podSelector":{"matchLabels":{"c":"d"}}}}"#,
            result: #"{"spec":{"ingress":[{"ports":[{"port":81}]}],"podSelector":{"matchLabels":{"a":"b","c":"d"}}}}"#),
        Case(
            name: "pod addresses merge by ip", object: #"{"status":{"podIPs":[{"ip":"10.0.0.1"}]}}"#,
            patch: #"{"status":{"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}"#,
            result: #"{"status":{"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}"#),
    ]

    @Test("a strategic merge patch changes what kubectl meant", arguments: cases)
    func applies(_ example: Case) throws {
        let resource = try builtIn(example.kind)
        let patch = try Patch(
            contentType: "application/strategic-merge-patch+json", body: json(example.patch), of: resource)
        #expect(try patch.applied(to: json(example.object), of: resource) == json(example.result))
    }

    @Test(
        "directives that make no sense get 400",
        arguments: [
            #"{"spec":{"$patch":"twist"}}"#, #"{"spec":{"containers":[{"image":"1"}]}}"#,
            #"{"spec":{"$retainKeys":1}}"#,
            #"{"spec":{"$retainKeys":["a"],"b":1}}"#, #"{"spec":{"$deleteFromPrimitiveList/finalizers":1}}"#,
            #"{"spec":{"$unknown":1}}"#, #"{"spec":{"containers":["a"]}}"#,
        ])
    func refusesNonsense(_ text: String) throws {
        let resource = try builtIn("Pod")
        let patch = try Patch(contentType: "application/strategic-merge-patch+json", body: json(text), of: resource)
        let object = try json(#"{"spec":{"containers":[{"name":"a"}]}}"#)
        let status = try #require(throws: APIStatus.self) { try patch.applied(to: object, of: resource) }
        #expect(status.code == 400)
    }

    @Test("custom resources know no strategic patch: 415")
    func refusesCustomResources() throws {
        var catalogue = ResourceCatalogue()
        let resource = try catalogue.register(crd: CustomResourceTests.definition())
        let status = try #require(throws: APIStatus.self) {
            try Patch(contentType: "application/strategic-merge-patch+json", body: [:], of: resource)
        }
        #expect(status.code == 415)
    }

    @Test("random patches on random pods never crash", arguments: 0..<40)
    func survivesNoise(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let resource = try builtIn("Pod")
        for _ in 0..<100 {
            var patch = random.object(depth: 4, nulls: true)
            patch["spec"] = ["containers": random.document(depth: 3, nulls: true), "$setElementOrder/containers": [1]]
            let object: JSONValue = ["spec": ["containers": random.document(depth: 3, nulls: true)]]
            do {
                _ = try Patch.strategic(patch).applied(to: object, of: resource)
            } catch {
                #expect(error.code == 400)
            }
        }
    }
}
