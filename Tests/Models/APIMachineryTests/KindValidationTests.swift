import APIMachinery
import ClusterAPI
import Testing

@Suite struct KindValidationTests {
    @Test("a bad object of a built-in kind gets 422 with the field", arguments: wrong + wrongGateways)
    func refuses(_ kind: String, _ text: String, _ expected: String) throws {
        let status = try refusal(kind, text)
        #expect(status.code == 422)
        #expect(status.message.contains(expected), "\(status.message)")
    }

    /// Kind, object, and a path with the value that is stored there.
    static let defaults: [(String, String, [String], String)] = [
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]}}"#, ["spec", "restartPolicy"],
            #""Always""#
        ),
        (
            "Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]}}"#, ["spec", "dnsPolicy"],
            #""ClusterFirst""#
        ),
        (
            "Pod",
            #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running","podIP":"1.2.3.4"}}"#,
            ["status"], #"{"phase":"Pending","qosClass":"BestEffort"}"#
        ),
        (
            "Node", #"{"metadata":{"name":"n"},"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"}]}}"#,
            ["status", "addresses"], #"[{"type":"InternalIP","address":"10.0.0.1"}]"#
        ),
        (
            "Node", #"{"metadata":{"name":"n"},"spec":{"podCIDR":"10.0.0.0/24"}}"#, ["spec", "podCIDRs"],
            #"["10.0.0.0/24"]"#
        ),
        ("Namespace", #"{"metadata":{"name":"a"}}"#, ["metadata", "labels"], #"{"kubernetes.io/metadata.name":"a"}"#),
        ("Namespace", #"{"metadata":{"name":"a"}}"#, ["status", "phase"], #""Active""#),
        (
            "Service", #"{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}"#, ["spec", "ports"],
            #"[{"port":80,"protocol":"TCP","targetPort":80}]"#
        ),
        ("Service", #"{"metadata":{"name":"s"},"spec":{"clusterIP":"None"}}"#, ["spec", "clusterIPs"], #"["None"]"#),
        (
            "Secret", #"{"metadata":{"name":"s"},"stringData":{"a":"hello","b":"","c":"ab"}}"#, ["data"],
            #"{"a":"aGVsbG8=","b":"","c":"YWI="}"#
        ),
        (
            "Endpoints",
            #"{"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80}]}]}"#,
            ["subsets"], #"[{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80,"protocol":"TCP"}]}]"#
        ),
        (
            "EndpointSlice",
            #"{"metadata":{"name":"e"},"addressType":"IPv6","endpoints":[{"addresses":["fd00::1"]}],"ports":[{"port":80}]}"#,
            ["ports"], #"[{"name":"","port":80,"protocol":"TCP"}]"#
        ),
        (
            "ClusterNetwork",
            #"{"metadata":{"name":"default"},"clusterNetworks":[{"CIDR":"10.128.0.0/14","hostSubnetLength":9},{"CIDR":"fd01::/48","hostSubnetLength":64}]}"#,
            ["metadata", "name"], #""default""#
        ),
        ("NetNamespace", #"{"metadata":{"name":"a"},"netname":"a","netid":0}"#, ["netid"], "0"),
        ("Route", #"{"metadata":{"name":"z"},"spec":{"anything":[1]}}"#, ["spec"], #"{"anything":[1]}"#),
    ]

    @Test("a good object is stored with its defaults", arguments: defaults)
    func setsDefaults(_ kind: String, _ text: String, _ path: [String], _ expected: String) throws {
        let object = try create(kind, text)
        let value = path.reduce(JSONValue?.some(object)) { $0?[$1] }
        #expect(value == (try json(expected)))
    }

    @Test("floating images are pulled always, tagged ones when missing")
    func choosesPullPolicy() throws {
        let pod = try create(
            "Pod",
            #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"x:5000/i"},{"name":"b","image":"i:1"},{"name":"c","image":"i:latest"},{"name":"d","image":"i@sha256:0"}]}}"#
        )
        let policies = pod["spec"]?["containers"]?.array?.compactMap { $0["imagePullPolicy"]?.string }
        #expect(policies == ["Always", "IfNotPresent", "Always", "IfNotPresent"])
    }

    /// Kind, stored object, update, and what the message must contain; nil when the update is fine.
    static let updates: [(String, String, String, String?)] = [
        (
            "Pod", #"{"spec":{"containers":[{"name":"a","image":"i:1"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"i:2"}]}}"#, nil
        ),
        (
            "Pod", #"{"spec":{"containers":[{"name":"a"}]}}"#,
            #"{"spec":{"nodeName":"n1","containers":[{"name":"a"}]}}"#,
            "spec: Forbidden: pod updates may not change fields other than"
        ),
        (
            "Pod", #"{"spec":{"nodeName":"n1","containers":[{"name":"a"}]}}"#,
            #"{"spec":{"nodeName":"n2","containers":[{"name":"a"}]}}"#,
            "spec: Forbidden: pod updates may not change fields other than"
        ),
        (
            "Pod", #"{"spec":{"containers":[{"name":"a"}]}}"#, #"{"spec":{"containers":[{"name":"b"}]}}"#,
            "spec: Forbidden: pod updates may not change fields other than"
        ),
        (
            "Service", #"{"spec":{"clusterIP":"10.0.0.1","ports":[{"port":1}]}}"#,
            #"{"spec":{"clusterIP":"10.0.0.2","ports":[{"port":1}]}}"#,
            #"spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set"#
        ),
        (
            "ConfigMap", #"{"immutable":true,"data":{"a":"b"}}"#, #"{"immutable":true,"data":{"a":"c"}}"#,
            "data: Forbidden: field is immutable when `immutable` is set"
        ),
        (
            "EndpointSlice", #"{"addressType":"IPv4"}"#, #"{"addressType":"IPv6"}"#,
            "addressType: Invalid value: \"IPv6\": field is immutable"
        ),
        (
            "HostSubnet", #"{"host":"o","hostIP":"10.0.0.1","subnet":"10.1.0.0/24"}"#,
            #"{"host":"o","hostIP":"10.0.0.2","subnet":"10.1.0.0/24"}"#, nil
        ),
        (
            "HostSubnet", #"{"host":"o","hostIP":"10.0.0.1","subnet":"10.1.0.0/24"}"#,
            #"{"host":"o","hostIP":"10.0.0.1","subnet":"10.1.1.0/24"}"#, "cannot change the subnet lease midflight"
        ),
    ]

    @Test("an update may change what may change", arguments: updates)
    func judgesUpdates(_ kind: String, _ stored: String, _ update: String, _ expected: String?) throws {
        let writer = try write(kind)
        var first = try json(stored)
        first["metadata"] = ["name": "o"]
        let existing = try writer.create(first, uid: someUID, nameSuffix: "").object
        var second = try json(update)
        second["metadata"] = ["name": "o"]
        guard let expected else {
            #expect(try writer.update(second, replacing: existing, name: "o").isChange(from: existing))
            return
        }
        let status = try #require(throws: APIStatus.self) { try writer.update(second, replacing: existing, name: "o") }
        #expect(status.code == 422)
        #expect(status.message.contains(expected), "\(status.message)")
    }

    /// The stored and the written part of a pod's status, and the addresses that are stored then.
    static let addresses: [(String, String, [String])] = [
        ("{}", #"{"podIP":"10.0.0.1"}"#, ["10.0.0.1"]),
        ("{}", #"{"podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}"#, ["10.0.0.1", "fd00::1"]),
        (#"{"podIP":"10.0.0.1"}"#, #"{"podIP":"10.0.0.2","podIPs":[{"ip":"10.0.0.1"}]}"#, ["10.0.0.2"]),
        (
            #"{"podIP":"10.0.0.1"}"#, #"{"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}"#,
            ["10.0.0.1", "fd00::1"]
        ),
        (#"{"podIP":"10.0.0.1"}"#, "{}", []),
    ]

    @Test("podIP and podIPs always say the same", arguments: addresses)
    func keepsAddressesTogether(_ stored: String, _ written: String, _ expected: [String]) throws {
        let writer = try write("Pod")
        var pod = try create("Pod", #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]}}"#)
        for status in [stored, written] {
            var body = pod
            body["status"] = try json(status)
            pod = try writer.update(body, replacing: pod, name: "p", part: .status).object
        }
        #expect((pod["status"]?["podIPs"]?.array ?? []).map { $0["ip"]?.string } == expected)
        #expect(pod["status"]?["podIP"]?.string == expected.first)
    }
}
