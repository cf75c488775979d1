import ArgumentParser
import ClusterAPI
import CommandLineTool
import Foundation
import ManifestFiles
import Testing

/// `gabion policy verdicts`, from files to text.
@Suite struct PolicyVerdictsTests {
    static let manifests = """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: a, labels: {app: web}},
           spec: {nodeName: n1, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]},
           status: {phase: Running, podIP: 10.0.0.1, hostIP: 192.168.0.1}}
        - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: a, labels: {app: db}},
           status: {phase: Running, podIPs: [{ip: 10.0.0.2}]}}
        ---
        apiVersion: extensions/v1beta1
        kind: NetworkPolicy
        metadata: {name: web, namespace: a}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress: [{from: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: http}]}]
        """

    func report(_ queries: String, manifests: String = Self.manifests) throws -> VerdictReport {
        let name = "queries-\(UUID().uuidString).csv"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(queries.utf8).write(to: file)
        let reader = ManifestReader(standardInput: { Data(manifests.utf8) })
        return try VerdictReport(paths: ["-"], queries: file.path, reader: reader, standardInput: { Data() })
    }

    @Test("every column is repeated in its place, and verdict and rule are added")
    func columns() throws {
        let queries =
            "\u{FEFF}id,to,from,note,port,protocol\r\n7,a/web,a/db,\"x, \"\"y\"\"\",8080,tcp\r\n8,a/web,a/db,,81,TCP\r\n"
        #expect(
            try report(queries).table.text
                == """
                id,to,from,note,port,protocol,verdict,rule
                7,a/web,a/db,"x, ""y""\",8080,tcp,allow,no policy selects a/db for egress; NetworkPolicy a/web ingress[0]
                8,a/web,a/db,,81,TCP,deny,"default deny ingress (NetworkPolicy a/web)"

                """.replacing(
                    "\"default deny ingress (NetworkPolicy a/web)\"", with: "default deny ingress (NetworkPolicy a/web)"
                ))
    }

    @Test("cluster-wide policies have their say, and what of them is not understood is told with its consequence")
    func tiers() throws {
        let admin = """

            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: guard}
            spec:
              priority: 5
              subject: {namespaces: {}}
              ingress:
              - {name: friends, action: Allow, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}]}
              egress: [{action: Pass, to: [{unheardOf: 1}]}]
            ---
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: {name: top}
            spec:
              tier: Admin
              priority: 1
              subject: {namespaces: {}}
              egress: [{action: Accept, to: [{namespaces: {}}]}]
            """
        let report = try report(
            "from,to,protocol,port\na/db,a/web,tcp,81\na/web,8.8.8.8,tcp,53\n", manifests: Self.manifests + admin)
        #expect(
            report.table.text
                == """
                from,to,protocol,port,verdict,rule
                a/db,a/web,tcp,81,allow,ClusterNetworkPolicy top (Admin) egress[0]; AdminNetworkPolicy guard ingress[0] (friends)
                a/web,8.8.8.8,tcp,53,deny,AdminNetworkPolicy guard egress[0]

                """)
        #expect(report.warnings.contains { $0.contains("spec.egress[0].to[0]") && $0.hasSuffix("denies everything") })
    }

    @Test("services among the manifests may be asked for by name and by address, with their slices or the pods behind")
    func services() throws {
        let services = """

            ---
            {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: front, namespace: a}
            spec: {clusterIP: 172.30.0.5, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: back, namespace: a}, spec: {clusterIP: 172.30.0.6, ports: [{port: 5432}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: back-1, namespace: a, labels: {kubernetes.io/service-name: back}}
            addressType: IPv4
            endpoints: [{addresses: [10.0.0.2]}]
            ports: [{port: 5432}]
            """
        let queries = """
            from,to,protocol,port
            a/db,service:a/front,tcp,80
            a/web,172.30.0.5,tcp,80
            a/web,service:a/back,tcp,5432
            node:n1,service:a/front,tcp,80

            """
        let table = try report(queries, manifests: Self.manifests + services).table
        let front = "Service a/front → a/web (10.0.0.1:8080)"
        let back = "Service a/back → a/db (10.0.0.2:5432)"
        let expected: [[String]] = [
            ["allow", "\(front): no policy selects a/db for egress; NetworkPolicy a/web ingress[0]"],
            ["allow", "\(front): a/web to itself: always allowed"],
            ["allow", "\(back): no policy selects a/web for egress; no policy selects a/db for ingress"],
            ["allow", "\(front): a/web and its own node n1: always allowed"],
        ]
        #expect(table.rows.map { Array($0.fields[4...]) } == expected)
    }

    @Test("the mode and the projects' ids have their say, and what they leave without effect is told")
    func tenancy() throws {
        let tenancy = """

            ---
            {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: b}, status: {phase: Running, podIP: 10.0.0.3}}
            ---
            apiVersion: network.openshift.io/v1
            kind: ClusterNetwork
            metadata: {name: default}
            clusterNetworks: [{CIDR: 10.0.0.0/16, hostSubnetLength: 8}]
            pluginName: redhat/openshift-ovs-multitenant
            ---
            {apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: a}, netname: a, netid: 12}
            ---
            {apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: b}, netname: b, netid: 13}
            """
        let report = try report(
            "from,to,protocol,port\na/db,b/web,tcp,80\na/db,a/web,tcp,81\n", manifests: Self.manifests + tenancy)
        #expect(
            report.table.rows.map { $0.fields[4...] } == [
                ["deny", "tenancy: project a (VNID 12) and project b (VNID 13) are separate"],
                [
                    "allow",
                    "no tier decides about egress of a/db: allowed; no tier decides about ingress of a/web: allowed",
                ],
            ])
        #expect(
            report.warnings.contains(
                "ClusterNetwork default: pluginName: mode multitenant does not enforce NetworkPolicies; "
                    + "1 NetworkPolicy has no effect"))
    }

    static let questions: [(String, String)] = [
        ("a/db,a/web,TCP,8080", "allow"), ("10.0.0.2,10.0.0.1,tcp,8080", "allow"), ("a/db,10.0.0.1,TCP,8081", "deny"),
        ("198.51.100.1,a/web,TCP,8080", "deny"), ("192.168.0.1,a/web,TCP,1", "allow"),
        ("a/web,198.51.100.1,UDP,53", "allow"),
        ("a/web,a/db,icmp,", "allow"), ("a/db,a/web,ICMPv6,", "deny"), ("a/web,a/web,SCTP,5", "allow"),
        (" a/db , a/web ,Tcp, 8080 ", "allow"),
    ]

    @Test("pods and addresses, any case of protocol, ICMP without port", arguments: questions)
    func verdicts(question: String, expected: String) throws {
        let table = try report("from,to,protocol,port\n\(question)\n").table
        #expect(table.rows.map { $0.fields[4] } == [expected])
    }

    static let faults: [(String, String)] = [
        ("", ":1: there is no header; the first line names the columns from, to, protocol, port"),
        ("from,to,port\na/db,a/web,1\n", ":1: the column 'protocol' is missing; the header has: from, to, port"),
        ("from,to,protocol,port,From\n", ":1: the column 'from' is there twice; remove one"),
        (
            "from,to,protocol,port\na/db,a/web,tcp\n",
            ":2: the row has 3 columns instead of 4; quote fields that contain a comma"
        ),
        (
            "from,to,protocol,port\n\n\na/no,a/web,tcp,1\n",
            ":4: there is no pod a/no in -; correct the name or add its manifest"
        ),
        (
            "from,to,protocol,port\nweb,a/web,tcp,1\n",
            ":2: 'web' in column 'from' is neither namespace/pod, an IP address, service:namespace/name, node:NAME nor dns:NAME"
        ),
        ("from,to,protocol,port\na/db,service:a/web,tcp,80\n", ":2: there is no service a/web"),
        ("from,to,protocol,port\na/db,a/web,tcp,\n", ":2: the port '' is none; write a number from 1 to 65535"),
        (
            "from,to,protocol,port\na/db,a/web,tcp,65536\n",
            ":2: the port '65536' is none; write a number from 1 to 65535"
        ),
        (
            "from,to,protocol,port\na/db,a/web,igmp,1\n",
            ":2: the protocol 'igmp' is unknown; write TCP, UDP, SCTP or ICMP"
        ),
        ("from,to,protocol,port\n\"a/db,a/web,tcp,1\n", ":2: a quoted field does not end; add the closing quote"),
        ("from,to,protocol,port\n\"a/db\"x,a/web,tcp,1\n", ":2: text follows a closing quote; double quotes inside"),
    ]

    @Test("bad queries are refused with file, line and remedy", arguments: faults)
    func fault(queries: String, message: String) throws {
        do {
            _ = try report(queries)
            Issue.record("answered")
        } catch {
            #expect("\(error)".hasPrefix("error: ") && "\(error)".hasSuffix(message), "\(error)")
        }
    }

    @Test("every bad row is named, not only the first")
    func allFaults() {
        let error = #expect(throws: QueryErrors.self) {
            try report("from,to,protocol,port\nx,a/db,tcp,1\ny,a/db,tcp,1\n")
        }
        #expect(error?.faults.map(\.line) == [2, 3])
    }

    static let badManifests: [(String, String)] = [
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, status: {podIP: 10.0.0.256}}",
            "'10.0.0.256' is not an IP address"
        ),
        (
            "{apiVersion: v1, kind: NetworkPolicy, metadata: {name: p}}",
            "NetworkPolicy is in networking.k8s.io/v1, not in v1"
        ),
        ("{apiVersion: v1, kind: Pod, metadata: {labels: {a: b}}}", "the object has no name; give it metadata.name"),
        ("kind: [", "not YAML"),
    ]

    @Test("manifests that cannot be used are refused with their place", arguments: badManifests)
    func badManifest(manifest: String, message: String) throws {
        let error = #expect(throws: ManifestErrors.self) {
            try report("from,to,protocol,port\n", manifests: manifest)
        }
        let failure = CommandFailure(try #require(error))
        #expect(failure.description.contains(message))
        #expect(failure.description.hasPrefix("error: -:"))
        #expect(failure.remedy.contains("-f"))
    }

    @Test("a policy that cannot be understood is a warning, and allows nothing")
    func brokenPolicy() throws {
        let broken =
            "\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: b, namespace: a}, "
            + "spec: {podSelector: {}, ingress: [{ports: [{port: 0}]}]}}"
        let report = try report("from,to,protocol,port\na/web,a/db,tcp,1\n", manifests: Self.manifests + broken)
        #expect(report.table.rows.map { $0.fields[4] } == ["deny"])
        #expect(report.warnings.count == 1)
        #expect(report.warnings.first?.contains("spec.ingress[0].ports[0].port") == true)
    }

    static let commandLines: [[String]] = [
        ["verdicts", "-f", "a.yaml", "b", "-f", "c", "--queries", "q.csv"],
        ["verdicts", "-f", "-", "--queries", "q.csv", "-o", "json"],
        ["verdicts", "--queries", "-", "--filename", "a"], ["check", "-f", ".", "-o", "json"],
    ]

    @Test("the documented command lines parse", arguments: commandLines)
    func commandLine(arguments: [String]) throws {
        _ = try PolicyCommand.parseAsRoot(arguments)
    }

    static let badCommandLines: [[String]] = [
        ["verdicts", "-f", "a"], ["verdicts", "--queries", "q"], ["verdicts", "-f", "-", "--queries", "-"],
        ["verdicts", "-f", "a", "--queries", "q", "-o", "xml"], ["check"], ["check", "-f", "-", "-"],
    ]

    @Test("wrong command lines are a usage error", arguments: badCommandLines)
    func badCommandLine(arguments: [String]) {
        do {
            _ = try PolicyCommand.parseAsRoot(arguments)
            Issue.record("parsed")
        } catch {
            #expect(PolicyCommand.exitCode(for: error) == .validationFailure)
        }
    }
}
