import CommandLineTool
import Testing

extension PolicyVerdictsTests {
    @Test("addresses from outside are a service's as ExternalIPPolicies say, and those that are not are told")
    func externalAddresses() throws {
        let services = """

            ---
            {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: back, namespace: a}
            spec:
              {type: LoadBalancer, clusterIP: 172.30.0.6, selector: {app: db}, ports: [{port: 5432}],
               externalIPs: [192.0.2.7, 198.51.100.7], loadBalancerSourceRanges: [203.0.113.0/24]}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.8}]}}
            ---
            apiVersion: network.openshift.io/v1
            kind: ClusterNetwork
            metadata: {name: default}
            clusterNetworks: [{CIDR: 10.0.0.0/16, hostSubnetLength: 8}]
            serviceNetwork: 172.30.0.0/16
            """
        let policy = """

            ---
            {apiVersion: gabion.io/v1, kind: ExternalIPPolicy, metadata: {name: p}, spec: {allowedCIDRs: [192.0.2.0/24]}}
            """
        let queries = """
            from,to,protocol,port
            203.0.113.7,192.0.2.7,tcp,5432
            203.0.113.7,192.0.2.8,tcp,5432
            203.0.114.7,192.0.2.8,tcp,5432
            a/web,192.0.2.8,tcp,5432
            node:n1,192.0.2.8,tcp,5432
            a/web,198.51.100.7,tcp,5432
            a/web,172.30.0.7,tcp,5432

            """
        let allowed = try report(queries, manifests: Self.manifests + services + policy)
        let verdicts = allowed.table.rows.map { "\($0.fields[4]) \($0.fields[5].prefix(24))" }
        #expect(
            verdicts == [
                "allow Service a/back → a/db (1", "allow Service a/back → a/db (1", "deny drop_source_range: loadB",
                "deny drop_source_range: loadB", "deny drop_source_range: loadB", "allow no policy selects a/web ",
                "deny drop_unserved: no servic",
            ])
        #expect(
            allowed.warnings.filter { $0.contains("no node takes traffic") } == [
                "Service a/back: spec.externalIPs: no node takes traffic for 198.51.100.7: it is in allowedCIDRs of no "
                    + "ExternalIPPolicy"
            ])
        let closed = try report(queries, manifests: Self.manifests + services)
        #expect(closed.warnings.count { $0.contains("no node takes traffic") } == 3)
        #expect(!closed.table.rows.contains { $0.fields[5].contains("Service") })
    }
}
