import APIMachinery
import ClusterAPI
import Testing

@Suite struct TableRendererTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let object: String
        /// All columns, those of `-o wide` too.
        let cells: [String: JSONValue]
        var testDescription: String { kind }
    }

    static let cases = [
        Case(
            kind: "Pod",
            object: """
                {"metadata":{"name":"p","creationTimestamp":"2026-01-02T11:59:00Z"},
                 "spec":{"nodeName":"n1","containers":[{"name":"a"},{"name":"b"}]},
                 "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"containerStatuses":[
                  {"name":"a","ready":true,"restartCount":2,"state":{"running":{}},
                   "lastState":{"terminated":{"finishedAt":"2026-01-02T11:58:00Z"}}},
                  {"name":"b","ready":false,"restartCount":0,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}
                """,
            cells: [
                "Name": "p", "Ready": "1/2", "Status": "CrashLoopBackOff", "Restarts": "2 (2m ago)", "Age": "60s",
                "IP": "10.0.0.1", "Node": "n1", "Nominated Node": "<none>", "Readiness Gates": "<none>",
            ]),
        Case(
            kind: "Pod",
            object:
                #"{"metadata":{"name":"p","deletionTimestamp":"2026-01-02T11:59:00Z"},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running"}}"#,
            cells: [
                "Ready": "0/1", "Status": "Terminating", "Restarts": "0", "Age": "<unknown>", "IP": "<none>",
                "Node": "<none>",
            ]),
        Case(
            kind: "Pod",
            object:
                #"{"metadata":{"name":"p"},"spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"a"}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"PodInitializing"}}}]}}"#,
            cells: ["Status": "Init:0/1"]),
        Case(
            kind: "Node",
            object:
                #"{"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"nodeInfo":{"kubeletVersion":"v1"}}}"#,
            cells: [
                "Status": "Ready,SchedulingDisabled", "Roles": "worker", "Version": "v1", "Internal-IP": "10.0.0.1",
                "External-IP": "<none>", "OS-Image": "<unknown>",
            ]),
        Case(kind: "Node", object: #"{"metadata":{"name":"n"}}"#, cells: ["Status": "Unknown", "Roles": "<none>"]),
        Case(
            kind: "Namespace", object: #"{"metadata":{"name":"n"},"status":{"phase":"Active"}}"#,
            cells: ["Name": "n", "Status": "Active"]),
        Case(
            kind: "Service",
            object:
                #"{"metadata":{"name":"s"},"spec":{"type":"NodePort","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30000,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"b":"1","a":"2"}}}"#,
            cells: [
                "Type": "NodePort", "Cluster-IP": "10.0.0.1", "External-IP": "<none>", "Port(s)": "80:30000/TCP,53/UDP",
                "Selector": "a=2,b=1",
            ]),
        Case(
            kind: "Endpoints",
            object:
                #"{"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"},{"ip":"10.0.0.3"},{"ip":"10.0.0.4"}],"ports":[{"port":80}]}]}"#,
            cells: ["Endpoints": "10.0.0.1:80,[fd00::1]:80,10.0.0.3:80 + 1 more..."]),
        Case(
            kind: "NetworkPolicy",
            object:
                #"{"metadata":{"name":"x"},"spec":{"podSelector":{"matchLabels":{"c":"d"},"matchExpressions":[{"key":"a","operator":"In","values":["y","x"]},{"key":"z","operator":"DoesNotExist"}]}}}"#,
            cells: ["Pod-Selector": "a in (x,y),c=d,!z"]),
        Case(
            kind: "NetworkPolicy", object: #"{"metadata":{"name":"x"},"spec":{"podSelector":{}}}"#,
            cells: ["Pod-Selector": "<none>"]),
        Case(
            kind: "Event",
            object:
                #"{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p"},"type":"Warning","reason":"R","message":" m \n","count":3,"source":{"component":"c","host":"h"},"firstTimestamp":"2026-01-02T09:00:00Z","lastTimestamp":"2026-01-02T11:00:00Z"}"#,
            cells: [
                "Last Seen": "60m", "First Seen": "3h", "Object": "pod/p", "Source": "c, h", "Message": "m", "Count": 3,
                "Type": "Warning", "Reason": "R", "Name": "e",
            ]),
        Case(
            kind: "Lease", object: #"{"metadata":{"name":"l"},"spec":{"holderIdentity":"me"}}"#, cells: ["Holder": "me"]
        ),
        Case(
            kind: "ConfigMap", object: #"{"metadata":{"name":"c"},"data":{"a":"1","b":"2"},"binaryData":{"c":""}}"#,
            cells: ["Data": 3]),
        Case(
            kind: "HostSubnet",
            object:
                #"{"metadata":{"name":"h"},"host":"h","hostIP":"10.0.0.1","subnet":"10.1.0.0/24","subnets":["10.1.0.0/24","fd00::/64"],"egressIPs":["1.2.3.4"]}"#,
            cells: [
                "Host": "h", "Host IP": "10.0.0.1", "Subnet": "10.1.0.0/24,fd00::/64", "Egress CIDRs": "",
                "Egress IPs": #"["1.2.3.4"]"#,
            ]),
        Case(
            kind: "NetNamespace", object: #"{"metadata":{"name":"a"},"netname":"a","netid":10}"#,
            cells: ["NetID": 10, "Egress IPs": ""]),
        Case(
            kind: "ClusterNetwork",
            object:
                #"{"metadata":{"name":"default"},"clusterNetworks":[{"CIDR":"10.128.0.0/14","hostSubnetLength":9},{"CIDR":"fd01::/48","hostSubnetLength":64}],"serviceNetwork":"172.30.0.0/16"}"#,
            cells: [
                "Cluster Network": "10.128.0.0/14,fd01::/48", "Host Subnet Length": "9,64",
                "Service Network": "172.30.0.0/16",
            ]),
        Case(
            kind: "CustomResourceDefinition",
            object: #"{"metadata":{"name":"c","creationTimestamp":"2026-01-02T11:00:00Z"}}"#,
            cells: ["Created At": "2026-01-02T11:00:00Z"]),
        Case(
            kind: "Zone", object: #"{"metadata":{"name":"z","creationTimestamp":"2025-01-02T12:00:00Z"}}"#,
            cells: ["Name": "z", "Age": "365d"]),
    ]

    @Test("kubectl get shows the columns of the kind", arguments: cases)
    func shows(_ example: Case) throws {
        let object = try json(example.object)
        let table = try TableRenderer(resource: builtIn(example.kind), now: noon).table(of: [object])
        let names = try #require(table["columnDefinitions"]?.array).compactMap { $0["name"]?.string }
        let cells = try #require(table["rows"]?.array?.first?["cells"]?.array)
        #expect(names.count == cells.count)
        let shown = Dictionary(zip(names, cells)) { first, _ in first }
        for (name, cell) in example.cells { #expect(shown[name] == cell, "\(name)") }
    }

    @Test("rows carry what includeObject asks for, and watch events may leave out the columns")
    func includesObjects() throws {
        let object: JSONValue = ["metadata": ["name": "c"], "data": ["a": "b"]]
        let renderer = TableRenderer(resource: try builtIn("ConfigMap"), now: noon)
        let row = { (include: TableRenderer.IncludeObject) in
            renderer.table(of: [object], include: include)["rows"]?.array?.first
        }
        #expect(row(.none)?["object"] == nil)
        #expect(row(.object)?["object"] == object)
        #expect(row(.metadata)?["object"]?["kind"] == "PartialObjectMetadata")
        #expect(row(.metadata)?["object"]?["metadata"] == ["name": "c"])
        let bare = renderer.table(
            of: [object], metadata: ["resourceVersion": "5"], version: "v1beta1", withColumns: false)
        #expect(bare["columnDefinitions"] == [])
        #expect(bare["apiVersion"] == "meta.k8s.io/v1beta1")
        #expect(bare["metadata"] == ["resourceVersion": "5"])
    }

    @Test(
        "ages read as kubectl writes them",
        arguments: [
            (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (185, "3m5s"), (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"), (10_800, "3h"), (28_740, "7h59m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"),
            (180_000, "2d2h"), (691_199, "7d23h"), (691_200, "8d"), (63_071_999, "729d"), (63_072_000, "2y"),
            (252_287_999, "7y364d"), (252_288_000, "8y"),
        ])
    func writesAges(_ seconds: Int64, _ text: String) throws {
        let then = APITime(microseconds: noon.microseconds - seconds * 1_000_000)
        let object: JSONValue = ["metadata": ["name": "c", "creationTimestamp": .string(then.text)]]
        let table = TableRenderer(resource: try builtIn("BaselineAdminNetworkPolicy"), now: noon).table(of: [object])
        #expect(table["rows"]?.array?.first?["cells"] == ["c", .string(text)])
    }

    @Test(
        "moments are read and written as RFC 3339",
        arguments: [
            ("2026-01-02T12:00:00Z", "2026-01-02T12:00:00.000000Z"),
            ("2026-01-02T14:00:00.5+02:00", "2026-01-02T12:00:00.500000Z"),
            ("2024-02-29T23:59:59.1234567Z", "2024-02-29T23:59:59.123456Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000000Z"),
            ("2000-02-29T00:00:00-01:00", "2000-02-29T01:00:00.000000Z"),
        ])
    func readsMoments(_ text: String, _ expected: String) {
        #expect(APITime(text)?.microText == expected)
    }

    @Test(
        "text that is no moment is nil",
        arguments: [
            "", "2026", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-02T12:00:00", "2026-01-02T24:00:00Z",
            "2026-01-02T12:00:00.Z", "2026-01-02 12:00:00Z",
        ])
    func refusesMoments(_ text: String) {
        #expect(APITime(text) == nil)
    }
}
